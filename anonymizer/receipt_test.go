package anonymizer_test

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/jagawarga/jagawarga/anonymizer"
	"github.com/jagawarga/jagawarga/civic"
)

func drawReceipt(t *rapid.T) anonymizer.Receipt {
	seed := rapid.SliceOfN(rapid.Byte(), 64, 64).Draw(t, "seed")
	receipt, err := anonymizer.NewReceipt(strings.NewReader(string(seed)))
	if err != nil {
		t.Skip("eight draws in a row beyond the even range")
	}
	return receipt
}

func parse(text string) (anonymizer.Receipt, error) {
	return anonymizer.ParseReceipt(civic.NewRaw(text))
}

func malformed(err error) bool {
	refusal := (*civic.Error)(nil)
	return errors.As(err, &refusal) && refusal.Code == civic.CodeInvalidInput && refusal.Field == "receipt" && refusal.Key == "receipt.malformed"
}

func TestReceiptIsReadHoweverItIsTyped(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		receipt := drawReceipt(t)
		d := receipt.Digits()
		for _, typed := range []string{
			d, d[:4] + " " + d[4:8] + " " + d[8:12] + " " + d[12:], d[:8] + "-" + d[8:], " " + d[:2] + ".\t" + d[2:] + "\n",
			receipt.Words(), strings.ToUpper(receipt.Words()), strings.ReplaceAll(receipt.Words(), " ", ", "),
		} {
			if read, err := parse(typed); err != nil || read != receipt {
				t.Fatalf("%q was not read back: %v", typed, err)
			}
		}
	})
}

func TestOneWrongDigitIsTold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		digits := []byte(drawReceipt(t).Digits())
		at := rapid.IntRange(0, len(digits)-1).Draw(t, "at")
		digits[at] = '0' + (digits[at]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		if _, err := parse(string(digits)); !malformed(err) {
			t.Fatalf("%s was taken: %v", digits, err)
		}
	})
}

func TestSwappedNeighboursAreTold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		digits := []byte(drawReceipt(t).Digits())
		at := rapid.IntRange(0, len(digits)-2).Draw(t, "at")
		if digits[at] == digits[at+1] {
			t.Skip("nothing changes")
		}
		digits[at], digits[at+1] = digits[at+1], digits[at]
		if _, err := parse(string(digits)); !malformed(err) {
			t.Fatalf("%s was taken: %v", digits, err)
		}
	})
}

func TestASlipInAWordIsMended(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		receipt := drawReceipt(t)
		words := strings.Fields(receipt.Words())
		n := rapid.IntRange(0, len(words)-1).Draw(t, "word")
		at := rapid.IntRange(0, len(words[n])-1).Draw(t, "at")
		words[n] = words[n][:at] + words[n][at+1:]
		read, err := parse(strings.Join(words, " "))
		if err == nil && read != receipt {
			t.Fatalf("%q was read as another receipt", words)
		}
	})
}

func TestWhatIsNoReceipt(t *testing.T) {
	t.Parallel()
	receipt, err := anonymizer.NewReceipt(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, typed := range []string{
		"", "1", "not a receipt", receipt.Digits()[1:], receipt.Digits() + "0", strings.Repeat("9", 10_000), "١٢٣٤",
		strings.Join(strings.Fields(receipt.Words())[1:], " "), "zzzzz zzzzz zzzzz zzzzz zzzzz zzzzz",
	} {
		if _, err := parse(typed); !malformed(err) {
			t.Errorf("%.20q: %v", typed, err)
		}
	}
}
