package scrub

import "strings"

// fitsPhone knows Indonesian mobile and landline numbers by the numbering plan (Permenkominfo 14/2018 and what operators use), and
// foreign ones by their plus. Hot lines (110, 112, 1500-xxx, 0800) belong to nobody and fit nothing here.
func fitsPhone(r *run, i, j int, digits string, cue class) bool {
	if r.date(i, j) || r.money(i, j) && !r.plus(i) && cue&nPhone == 0 {
		return false
	}
	first := r.atoms[i].digits
	if strings.HasPrefix(first, "0062") {
		digits = digits[2:]
	}
	national, abroad := digits, false
	switch {
	case r.plus(i) && !strings.HasPrefix(digits, "62"):
		return len(digits) >= 9 && len(digits) <= 15 && digits[0] != '0'
	case strings.HasPrefix(digits, "62"):
		national, abroad = "0"+strings.TrimPrefix(digits[2:], "0"), true
		if !r.plus(i) && cue&(nPhone|nNumber) == 0 && i == j && len(digits) > 13 {
			return false
		}
	case digits[0] == '8' && cue&(nPhone|nNumber) != 0:
		return mobile("0" + digits)
	}
	if mobile(national) {
		return cue&nRef == 0 || cue&nPhone != 0 || abroad || i != j || len(national) >= 11
	}
	return landline(r, i, j, national, abroad, cue)
}

// operators are the second and third digit after the leading 0 that mobile numbers have: 0811..., 0895...
var operators = func() (known [100]bool) {
	for _, p := range []int{
		11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33, 34, 35, 36, 37, 38, 39, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59,
		64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99,
	} {
		known[p] = true
	}
	return known
}()

func mobile(national string) bool {
	return len(national) >= 10 && len(national) <= 13 && national[:2] == "08" && operators[two(national[2:])]
}

// landline wants the area code as a group of its own, or a word that says telephone.
func landline(r *run, i, j int, national string, abroad bool, cue class) bool {
	area := areaCode(national)
	if area == 0 || national[area] < '2' || len(national)-area < 5 || len(national)-area > 8 || len(national) < 9 {
		return false
	}
	if abroad || cue&(nPhone|nNumber) != 0 {
		return true
	}
	if j == len(r.atoms)-1 && j-i+1 == len(national) {
		return cue&(nRef|nMoney|nBank) == 0 // every figure by itself, as nobody writes anything else
	}
	return j > i && len(r.atoms[i].digits) == area && cue&(nRef|nMoney|nBank) == 0 && len(r.atoms[j].digits) >= 2
}

// areaCode is the length of the area code with its 0: three digits for the biggest cities, else four.
func areaCode(national string) int {
	if len(national) < 4 || national[0] != '0' {
		return 0
	}
	switch national[1:3] {
	case "21", "22", "24", "31", "61":
		return 3
	}
	if national[1] >= '2' && national[1] <= '9' && national[1] != '8' {
		return 4
	}
	return 0
}
