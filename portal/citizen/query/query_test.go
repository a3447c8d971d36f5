package query_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/portal/citizen/query"
	"github.com/jagawarga/jagawarga/portal/client"
)

var city = &client.CityResponse{
	Categories: []client.CityCategoriesCategory{{Id: "category_1", Code: "banjir"}, {Id: "category_2", Code: "sampah"}},
	Districts:  []client.CityDistrictsDistrict{{Id: "district_1", Name: "Sumur Bandung"}},
}

func of(t *testing.T, address string) query.Query {
	t.Helper()
	values, err := url.ParseQuery(address)
	if err != nil {
		t.Fatal(err)
	}
	return query.Of(values, city)
}

func TestAnAddressComesBackInOneSpelling(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"": "/laporan", "kategori=banjir&setelah=x": "/laporan?kategori=banjir", "kategori=unknown&wilayah=Mars&status=WITHDRAWN&kurun=9&urut=DUE_SOONEST&dekat=here": "/laporan",
		"wilayah=Sumur+Bandung&cari=+air+": "/laporan?cari=air&wilayah=Sumur+Bandung", "urut=NEWEST": "/laporan", "urut=OLDEST": "/laporan?urut=OLDEST",
		"dekat=-6.9,107.6&kurun=7": "/laporan?dekat=-6.9%2C107.6&kurun=7",
	} {
		if got := of(t, address).Address("/laporan"); got != want {
			t.Errorf("%s becomes %s, want %s", address, got, want)
		}
	}
	if feed := of(t, "kategori=sampah&wilayah=Sumur+Bandung&cari=x").Atom(); feed != "/atom?category=sampah&district=Sumur+Bandung" {
		t.Errorf("its feed is %s", feed)
	}
}

func TestWhatIsAskedOfTheAPI(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	filter := of(t, "kategori=banjir&wilayah=Sumur+Bandung&kurun=7&dekat=-6.9,107.6&cari=air").Filter(now)
	if filter.Categories[0] != "category_1" || filter.Districts[0] != "district_1" || !filter.CreatedFrom.Equal(now.AddDate(0, 0, -7)) || *filter.Text != "air" {
		t.Errorf("the filter is %+v", filter)
	}
	if box := filter.Within; box.South >= -6.9 || box.North <= -6.9 || box.North-box.South > 0.03 || box.East-box.West > 0.03 {
		t.Errorf("near by is %+v", filter.Within)
	}
	for _, status := range of(t, "").Filter(now).Statuses {
		if status == client.StatusWithdrawn || status == client.StatusMerged {
			t.Errorf("%s is listed", status)
		}
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"-6.9,107.6": true, " -6.9 , 107.6 ": true, "": false, "-6.9": false, "95,0": false, "NaN,0": false, "0,Inf": false, "1,200": false, "a,b": false,
	} {
		if _, _, ok := query.Place(text); ok != want {
			t.Errorf("%q is a place: %t", text, ok)
		}
	}
}

func TestWhatComesLiveIsWanted(t *testing.T) {
	t.Parallel()
	name := "Sumur Bandung"
	came := client.NewsPublicFeedReportEventReport{
		Status: client.StatusReceived, Category: client.NewsPublicFeedReportEventReportCategory{Code: "banjir"},
		Location: &client.NewsPublicFeedReportEventReportLocation{District: &client.NewsPublicFeedReportEventReportLocationDistrict{Name: name}},
	}
	for address, want := range map[string]bool{
		"": true, "kategori=banjir": true, "kategori=sampah": false, "wilayah=Sumur+Bandung": true, "status=CLOSED": false, "status=RECEIVED": true, "cari=air": false,
	} {
		if of(t, address).Wants(came) != want {
			t.Errorf("%q wants it: %t", address, !want)
		}
	}
	came.Location = nil
	if of(t, "wilayah=Sumur+Bandung").Wants(came) {
		t.Error("a report without a place is in a district")
	}
}
