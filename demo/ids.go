package demo

import "github.com/jagawarga/jagawarga/civic"

// CategoryID is the id of the category with that code.
func CategoryID(code string) civic.CategoryID {
	return civic.CategoryID{UUID: civic.NamedUUID("category:" + code)}
}

// DistrictID is the id of the district with that name.
func DistrictID(name string) civic.DistrictID {
	return civic.DistrictID{UUID: civic.NamedUUID("district:" + name)}
}

// CauseID is the id of the cause with that code.
func CauseID(code string) civic.CauseID {
	return civic.CauseID{UUID: civic.NamedUUID("cause:" + code)}
}
