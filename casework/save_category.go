package casework

import (
	"context"
	"strconv"

	"github.com/jagawarga/jagawarga/civic"
)

// SaveCategory makes a category where draft has no id, or changes one. What is open and has it gets the due times of the changed promise.
func (d *Desk) SaveCategory(ctx context.Context, p civic.Principal, draft civic.Category) (saved *civic.Category, err error) {
	fresh := draft.ID.IsZero()
	if fresh {
		draft.ID.UUID = d.newID()
	}
	err = d.keep(ctx, p, "save_category", func(ctx context.Context, tx Tx, city *civic.City) (*civic.OfficeChange, error) {
		before := city.Category(draft.ID)
		if before == nil {
			if before = new(civic.Category); !fresh {
				return nil, civic.NotFound("category.not_found")
			}
		}
		if saved, err = city.CheckCategory(draft); err != nil {
			return nil, err
		}
		was, is := valuesOf(before), valuesOf(saved)
		values := map[string][2]string{}
		for name := range is {
			values[name] = [2]string{was[name], is[name]}
		}
		return changed(draft.ID.String(), values), tx.SaveCategory(ctx, saved)
	})
	if err == nil && !fresh {
		_, err = d.PromiseAgain(ctx, d.ports.City())
	}
	if err != nil {
		return nil, err
	}
	return saved, nil
}

// valuesOf is a category as the audit tells of it; of its questions it tells the codes.
func valuesOf(category *civic.Category) map[string]string {
	questions := ""
	for _, question := range category.Questions {
		questions += question.Code + " "
	}
	department := ""
	if !category.Department.IsZero() {
		department = category.Department.String()
	}
	return map[string]string{
		"code": category.Code, "nameId": category.Name.ID, "nameEn": category.Name.EN, "parent": ref(category.Parent),
		"department": department, "responseHours": strconv.Itoa(category.ResponseHours),
		"resolutionHours": strconv.Itoa(category.ResolutionHours), "sensitive": strconv.FormatBool(category.Sensitive),
		"proofRequired": strconv.FormatBool(category.ProofRequired), "publicOnMap": strconv.FormatBool(category.PublicOnMap),
		"questions": questions,
	}
}

// RetireCategory ends a category: its reports keep it, no new one gets it, and it is neither listed nor suggested. Twice is once.
func (d *Desk) RetireCategory(ctx context.Context, p civic.Principal, id civic.CategoryID) error {
	return d.keep(ctx, p, "retire_category", func(ctx context.Context, tx Tx, city *civic.City) (*civic.OfficeChange, error) {
		if category := city.Category(id); category != nil && category.Retired {
			return nil, nil
		}
		if err := city.CheckRetireCategory(id); err != nil {
			return nil, err
		}
		return retired(id.String()), tx.RetireCategory(ctx, id, d.now())
	})
}
