package clinical

import "fmt"

// conversion is how a number in another unit becomes one in the kind's own: v*times + plus.
type conversion struct{ times, plus float64 }

// conversions by the unit that is wanted, and by the one that is given; both UCUM.
//
// Glucose: the molar mass of glucose is 180.156 g/mol. Pressure: 1 mm[Hg] is 133.322387415 Pa
// (UCUM). Mass: 1 [lb_av] is 0.45359237 kg exactly.
var conversions = map[string]map[string]conversion{
	"mm[Hg]": {"kPa": {times: 1000 / 133.322387415}},
	"Cel":    {"[degF]": {times: 5.0 / 9, plus: -160.0 / 9}, "K": {times: 1, plus: -273.15}},
	"kg":     {"g": {times: 0.001}, "[lb_av]": {times: 0.45359237}},
	"mmol/L": {"mg/dL": {times: 10 / 180.156}, "mol/L": {times: 1000}, "kg/L": {times: 1e6 / 180.156}},
	"/min":   {"{beats}/min": {times: 1}, "{Breaths}/min": {times: 1}, "{breaths}/min": {times: 1}, "Hz": {times: 60}},
	"cm":     {"mm": {times: 0.1}, "m": {times: 100}, "[in_i]": {times: 2.54}},
	"cm2":    {"mm2": {times: 0.01}, "cm^2": {times: 1}},
	"L":      {"mL": {times: 0.001}},
	"%":      {"1": {times: 100}, "{fraction}": {times: 100}},
	"L/min":  {"L/s": {times: 60}, "mL/min": {times: 0.001}},
}

// Convert is a number in another unit as one of the component's own, rounded to its decimals. An
// empty unit is its own. An error names the unit.
func (c Component) Convert(v float64, unit string) (float64, error) {
	if unit == "" || unit == c.Unit {
		return v, nil
	}
	by, ok := conversions[c.Unit][unit]
	if !ok {
		return 0, fmt.Errorf("%q is not a unit of it: must be %s", unit, c.Unit)
	}
	return c.Rounded(v*by.times + by.plus), nil
}
