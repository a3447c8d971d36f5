package scrub

// Kind says what a removed stretch was.
type Kind string

// The kinds. The first group goes whoever it belongs to, the second only where it is the reporter's own or the family's or friends'.
const (
	NIK         Kind = "NIK"          // citizen number
	KK          Kind = "KK"           // family card
	NPWP        Kind = "NPWP"         // tax number
	Passport    Kind = "PASSPORT"     // passport
	SIM         Kind = "SIM"          // driving licence
	BPJS        Kind = "BPJS"         // health insurance
	NIP         Kind = "NIP"          // civil servant number
	Phone       Kind = "PHONE"        // telephone
	Email       Kind = "EMAIL"        // electronic mail
	Card        Kind = "CARD"         // payment card
	BankAccount Kind = "BANK_ACCOUNT" // bank account
	IP          Kind = "IP"           // internet address

	SelfName     Kind = "SELF_NAME"
	RelativeName Kind = "RELATIVE_NAME"
	HomeAddress  Kind = "HOME_ADDRESS"
	Plate        Kind = "PLATE"
	Birthdate    Kind = "BIRTHDATE"
	Handle       Kind = "HANDLE"
	WorkplaceID  Kind = "WORKPLACE_ID"
)

// longestMark is room for any of the marks.
const longestMark = 24

// marks stand in the text for what is gone; reports are read by Indonesian officers whatever language the reporter's screen speaks.
var marks = map[Kind]string{
	NIK: "[NIK dihapus]", KK: "[nomor KK dihapus]", NPWP: "[NPWP dihapus]", Passport: "[nomor paspor dihapus]",
	SIM: "[nomor SIM dihapus]", BPJS: "[nomor BPJS dihapus]", NIP: "[NIP dihapus]", Phone: "[telepon dihapus]",
	Email: "[surel dihapus]", Card: "[nomor kartu dihapus]", BankAccount: "[rekening dihapus]", IP: "[alamat IP dihapus]",
	SelfName: "[nama pelapor dihapus]", RelativeName: "[nama dihapus]", HomeAddress: "[alamat rumah dihapus]",
	Plate: "[pelat dihapus]", Birthdate: "[tanggal lahir dihapus]", Handle: "[akun dihapus]", WorkplaceID: "[nomor induk dihapus]",
}
