package open311

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"strings"

	"github.com/jagawarga/jagawarga/civic"
)

type discovery struct {
	XMLName    xml.Name   `xml:"discovery" json:"-"`
	Changeset  string     `xml:"changeset" json:"changeset"`
	Contact    string     `xml:"contact" json:"contact"`
	KeyService string     `xml:"key_service" json:"key_service"`
	Endpoints  []endpoint `xml:"endpoints>endpoint" json:"endpoints"`
}

type endpoint struct {
	Specification string   `xml:"specification" json:"specification"`
	URL           string   `xml:"url" json:"url"`
	Changeset     string   `xml:"changeset" json:"changeset"`
	Type          string   `xml:"type" json:"type"`
	Formats       []string `xml:"formats>format" json:"formats"`
}

// changeset is when this face last changed.
const changeset = "2026-11-23T00:00:00+07:00"

func (c *call) discovery(string) error {
	base := c.base()
	c.show(http.StatusOK, discovery{
		Changeset: changeset, Contact: base + "/", KeyService: c.say("open311.key_service"),
		Endpoints: []endpoint{{
			Specification: "http://wiki.open311.org/GeoReport_v2", URL: base + strings.TrimSuffix(Path, "/"), Changeset: changeset, Type: "production",
			Formats: []string{"text/xml", "application/json"},
		}},
	})
	return nil
}

type service struct {
	Code        string `xml:"service_code" json:"service_code"`
	Name        string `xml:"service_name" json:"service_name"`
	Description text   `xml:"description" json:"description"`
	Metadata    bool   `xml:"metadata" json:"metadata"`
	Type        string `xml:"type" json:"type"`
	Keywords    text   `xml:"keywords" json:"keywords"`
	Group       text   `xml:"group" json:"group"`
}

type serviceList struct {
	XMLName  xml.Name  `xml:"services" json:"-"`
	Services []service `xml:"service"`
}

func (l serviceList) items() any { return l.Services }

// services are the categories. All are realtime: a report has its id for good when it is accepted.
func (c *call) services(string) error {
	list := serviceList{Services: make([]service, len(c.city.Categories))}
	for i, category := range c.city.Categories {
		list.Services[i] = service{
			Code: category.Code, Name: category.Name.In(c.lang), Metadata: len(category.Questions) > 0, Type: "realtime",
			Keywords: text(strings.Join(category.Keywords, ",")), Group: c.group(category),
		}
	}
	c.show(http.StatusOK, list)
	return nil
}

func (c *call) group(category *civic.Category) text {
	if category.Parent == nil {
		return ""
	}
	return text(c.city.Category(*category.Parent).Name.In(c.lang))
}

// service finds a category that takes reports by its code; nil if there is none.
func (c *call) service(code string) *civic.Category {
	for _, category := range c.city.Categories {
		if category.Code == code {
			return category
		}
	}
	return nil
}

type definition struct {
	XMLName    xml.Name   `xml:"service_definition" json:"-"`
	Code       string     `xml:"service_code" json:"service_code"`
	Attributes attributes `xml:"attributes" json:"attributes"`
}

type attributes struct {
	Attributes []attribute `xml:"attribute"`
}

// MarshalJSON writes the bare list.
func (a attributes) MarshalJSON() ([]byte, error) { return json.Marshal(a.Attributes) }

type attribute struct {
	Variable            bool   `xml:"variable" json:"variable"`
	Code                string `xml:"code" json:"code"`
	Datatype            string `xml:"datatype" json:"datatype"`
	Required            bool   `xml:"required" json:"required"`
	DatatypeDescription text   `xml:"datatype_description" json:"datatype_description"`
	Order               int    `xml:"order" json:"order"`
	Description         string `xml:"description" json:"description"`
	// Values are there for lists alone.
	Values *choices `xml:"values" json:"values,omitempty"`
}

type choices struct {
	Values []choice `xml:"value"`
}

// MarshalJSON writes the bare list.
func (v *choices) MarshalJSON() ([]byte, error) { return json.Marshal(v.Values) }

type choice struct {
	Key  string `xml:"key" json:"key"`
	Name string `xml:"name" json:"name"`
}

// definition tells the questions of a category. One with choices takes one of them; all others take words. A choice that ends the form is
// listed like the others, and what it says stands in the attribute's datatype_description and in the refusal.
func (c *call) definition(code string) error {
	category := c.service(code)
	if category == nil {
		return civic.NotFound("open311.service_code_unknown")
	}
	shown := definition{Code: category.Code, Attributes: attributes{make([]attribute, len(category.Questions))}}
	for i, question := range category.Questions {
		a := attribute{
			Variable: true, Code: question.Code, Datatype: "string", Required: question.Required, Order: i + 1, Description: question.Label.In(c.lang),
		}
		if len(question.Choices) > 0 {
			a.Datatype, a.Values = "singlevaluelist", &choices{}
		}
		var stops []string
		for _, option := range question.Choices {
			a.Values.Values = append(a.Values.Values, choice{option.Value, option.Label.In(c.lang)})
			if option.Stop != nil {
				stops = append(stops, option.Label.In(c.lang)+": "+option.Stop.In(c.lang))
			}
		}
		a.DatatypeDescription = text(strings.Join(stops, "\n"))
		shown.Attributes.Attributes[i] = a
	}
	c.show(http.StatusOK, shown)
	return nil
}
