package store

import (
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/jagawarga/jagawarga/civic"
)

// registerIDs teaches a connection the ids of civic, which knows no database.
func registerIDs(m *pgtype.Map) {
	m.TryWrapEncodePlanFuncs = append([]pgtype.TryWrapEncodePlanFunc{wrapIDEncode}, m.TryWrapEncodePlanFuncs...)
	m.TryWrapScanPlanFuncs = append([]pgtype.TryWrapScanPlanFunc{wrapIDScan}, m.TryWrapScanPlanFuncs...)
}

func wrapIDEncode(value any) (pgtype.WrappedEncodePlanNextSetter, any, bool) {
	if id, ok := value.(civic.UUID); ok {
		return &idEncodePlan{}, idCodec(id), true
	}
	return nil, nil, false
}

func wrapIDScan(target any) (pgtype.WrappedScanPlanNextSetter, any, bool) {
	if id, ok := target.(*civic.UUID); ok {
		return &idScanPlan{}, (*idCodec)(id), true
	}
	return nil, nil, false
}

// idCodec is a civic.UUID that pgx can read and write.
type idCodec civic.UUID

// UUIDValue gives pgx the bytes.
func (id idCodec) UUIDValue() (pgtype.UUID, error) { return pgtype.UUID{Bytes: id, Valid: true}, nil }

// ScanUUID takes the bytes from pgx; NULL is the zero id.
func (id *idCodec) ScanUUID(v pgtype.UUID) error {
	*id = v.Bytes
	return nil
}

type idEncodePlan struct{ next pgtype.EncodePlan }

func (p *idEncodePlan) SetNext(next pgtype.EncodePlan) { p.next = next }
func (p *idEncodePlan) Encode(value any, buf []byte) ([]byte, error) {
	return p.next.Encode(idCodec(value.(civic.UUID)), buf)
}

type idScanPlan struct{ next pgtype.ScanPlan }

func (p *idScanPlan) SetNext(next pgtype.ScanPlan) { p.next = next }
func (p *idScanPlan) Scan(src []byte, dst any) error {
	return p.next.Scan(src, (*idCodec)(dst.(*civic.UUID)))
}

// uuids strips the types off ids, for arrays.
func uuids[ID interface{ Bytes() [16]byte }](ids []ID) []civic.UUID {
	plain := make([]civic.UUID, len(ids))
	for i, id := range ids {
		plain[i] = id.Bytes()
	}
	return plain
}

// plain is the id of an optional reference.
func plain[ID interface{ Bytes() [16]byte }](id *ID) *civic.UUID {
	if id == nil {
		return nil
	}
	u := civic.UUID((*id).Bytes())
	return &u
}

func departmentRef(id *civic.UUID) *civic.DepartmentID {
	if id == nil {
		return nil
	}
	return &civic.DepartmentID{UUID: *id}
}
