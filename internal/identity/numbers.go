package identity

import "time"

// mod11 is a weighted sum's control digit, 0–9, or 10 where there is none that fits.
func mod11(digits string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += w * int(digits[i]-'0')
	}
	return (11 - sum%11) % 11
}

// controlled says whether a number's last digit is the control digit of those before it,
// with the weights 2–7 from the right, over again: organisation numbers and HPR numbers.
func controlled(number string) bool {
	last := len(number) - 1
	weights := make([]int, last)
	for i := range weights {
		weights[i] = 2 + (last-1-i)%6
	}
	return mod11(number, weights...) == int(number[last]-'0')
}

// organisationNumber is nine digits, the last of them a control digit; or empty.
func (c *checker) organisationNumber(field, s string) string {
	s = dialled(s)
	c.require(s == "" || areDigits(s) && len(s) == 9 && controlled(s), field,
		"must be an organisation number: nine digits, the last of which is a control digit")
	return s
}

// warnHPR doubts a health personnel number whose control digit is wrong. It is no error:
// the numbers of the national test environment have none.
func warnHPR(hpr string) []Warning {
	if hpr == "" || controlled(hpr) {
		return nil
	}
	return []Warning{{Field: "hpr", Rule: "has a wrong control digit"}}
}

// nationalID is a national identity number, D-number or shared emergency number, or empty.
func (c *checker) nationalID(field, s string) string {
	s = dialled(s)
	c.require(s == "" || areDigits(s) && len(s) == 11, field, "must be 11 digits")
	return s
}

// warnNationalID doubts a number of 11 digits whose control digits or date are wrong. It is
// no error: the rule for control digits relaxes from 2032 (CLINICAL.md, Identifiers).
func warnNationalID(number string) []Warning {
	if number == "" || number[0] >= '8' { // none, or a shared emergency number, which has no date
		return nil
	}
	first := mod11(number, 3, 7, 6, 1, 8, 9, 4, 5, 2)
	second := mod11(number, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
	if first != int(number[9]-'0') || second != int(number[10]-'0') {
		return []Warning{{Field: "nationalId", Rule: "has wrong control digits"}}
	}
	if born(number).IsZero() {
		return []Warning{{Field: "nationalId", Rule: "begins with a date that does not exist"}}
	}
	return nil
}

// born is the date that an identity number begins with, ddmmyy; zero where there is none.
func born(number string) time.Time {
	if len(number) != 11 || number[0] >= '8' {
		return time.Time{}
	}
	day, month, yy, individual := value(number[0:2]), value(number[2:4]), value(number[4:6]), value(number[6:9])
	if day > 40 { // a D-number
		day -= 40
	}
	switch { // synthetic people
	case month > 80:
		month -= 80
	case month > 65:
		month -= 65
	}
	date := time.Date(century(yy, individual)+yy, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if century(yy, individual) == 0 || date.Day() != day || int(date.Month()) != month {
		return time.Time{}
	}
	return date
}

// century is what the individual digits say of the year of birth (the Tax Administration's
// table for national identity numbers); 0 where they fit none.
func century(yy, individual int) int {
	switch {
	case individual < 500:
		return 1900
	case individual < 750 && yy >= 54:
		return 1800
	case yy < 40:
		return 2000
	case individual >= 900:
		return 1900
	}
	return 0
}

// value reads digits.
func value(digits string) (n int) {
	for _, d := range digits {
		n = 10*n + int(d-'0')
	}
	return n
}
