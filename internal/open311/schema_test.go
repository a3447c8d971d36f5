package open311_test

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The schemas are those that Open311 publishes; testdata/georeport-v2/README.md says whence.
func TestThePublishedSchemas(t *testing.T) {
	t.Parallel()
	c := open(t)
	with := c.filed("address_string", "Jl. Braga 1", "media_url", "https://example.org/a.jpg")
	without := c.filed("lat", "", "long", "", "address_string", "Jl. Braga 2")
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft4)
	compiler.AssertFormat()
	for path, name := range map[string]string{
		"services.json": "services", "services/jalan-rusak.json": "service-definition", "services/banjir.json": "service-definition", "requests.json": "requests",
		"requests.json?extensions=true": "requests", "requests/" + with + ".json": "requests", "requests/" + without + ".json": "requests",
	} {
		schema, err := compiler.Compile("testdata/georeport-v2/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(c.get(path).body))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	// The schemas must be able to refuse.
	schema, _ := compiler.Compile("testdata/georeport-v2/requests.json")
	if schema.Validate([]any{map[string]any{"service_request_id": 7}}) == nil {
		t.Error("the schema of requests takes anything")
	}
}

// XML as other programs read it: what it says is what JSON says.
func TestXMLSaysTheSame(t *testing.T) {
	t.Parallel()
	c := open(t)
	id := c.filed("attribute[lebar]", "1 m")
	var requests struct {
		Request []struct {
			ID   string  `xml:"service_request_id"`
			Code string  `xml:"service_code"`
			Lat  float64 `xml:"lat"`
		} `xml:"request"`
	}
	if err := xml.Unmarshal([]byte(c.get("requests.xml").body), &requests); err != nil || len(requests.Request) != 1 ||
		requests.Request[0].ID != id || requests.Request[0].Code != "jalan-rusak" || requests.Request[0].Lat != -6.9147 {
		t.Errorf("%v %+v", err, requests)
	}
	var definition struct {
		Code       string `xml:"service_code"`
		Attributes []struct {
			Code     string `xml:"code"`
			Datatype string `xml:"datatype"`
			Required bool   `xml:"required"`
			Help     string `xml:"datatype_description"`
			Values   []struct {
				Key  string `xml:"key"`
				Name string `xml:"name"`
			} `xml:"values>value"`
		} `xml:"attributes>attribute"`
	}
	if err := xml.Unmarshal([]byte(c.get("services/jalan-rusak.xml").body), &definition); err != nil || len(definition.Attributes) != 2 {
		t.Fatalf("%v %+v", err, definition)
	}
	words, list := definition.Attributes[0], definition.Attributes[1]
	if words.Datatype != "string" || words.Required || len(words.Values) != 0 {
		t.Errorf("%+v", words)
	}
	if list.Datatype != "singlevaluelist" || !list.Required || len(list.Values) != 2 || list.Values[1].Key != "korban" || list.Help != "Somebody is hurt: Call 112." {
		t.Errorf("%+v", list)
	}
	if discovery := c.get("discovery.xml").body; !strings.Contains(discovery, "<url>"+strings.TrimSuffix(c.url, "/")+"</url>") {
		t.Error(discovery)
	}
}
