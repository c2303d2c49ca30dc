package clinical

import "slices"

// Score is what answers add up to. Without all of the items that count there is none.
type Score struct {
	Kind    KindID   `json:"kind"`  // what it is kept as among what is measured
	Value   float64  `json:"value"` // where nothing is missing
	Band    Band     `json:"band"`  // empty where something is missing
	Missing []string `json:"missing,omitempty"`
}

// Band is which range of the questionnaire's own a score is in. It says how much, and is no diagnosis.
type Band string

// The bands. PHQ-9: Kroenke, Spitzer, Williams 2001. GAD-7: Spitzer, Kroenke, Williams, Löwe 2006.
// WHO-5: Topp, Østergaard, Søndergaard, Bech 2015.
const (
	Minimal          Band = "minimal"
	Mild             Band = "mild"
	Moderate         Band = "moderate"
	ModeratelySevere Band = "moderately-severe"
	Severe           Band = "severe"

	VeryLow Band = "very-low" // WHO-5 ≤ 28 %: what is usual in depression
	Low     Band = "low"      // WHO-5 ≤ 50 %: to be asked about
	Usual   Band = "usual"
)

// scoring is how one questionnaire is added up. It is in the program, and not in the file: what a
// number means must not hang on a file that anybody can put into a folder.
type scoring struct {
	kind  KindID
	items []string // that count
	times float64
	bands []bandUp // in rising order
	alarm string   // an item any answer to which above 0 is somebody's to see to at once; empty: none
}

// bandUp begins at a score.
type bandUp struct {
	from float64
	band Band
}

func scoringOf(id QuestionnaireID) (scoring, bool) {
	numbered := []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}
	switch id {
	case "phq-9":
		return scoring{kind: PHQ9, items: numbered, times: 1, alarm: "9",
			bands: []bandUp{{0, Minimal}, {5, Mild}, {10, Moderate}, {15, ModeratelySevere}, {20, Severe}}}, true
	case "gad-7":
		return scoring{kind: GAD7, items: numbered[:7], times: 1,
			bands: []bandUp{{0, Minimal}, {5, Mild}, {10, Moderate}, {15, Severe}}}, true
	case "who-5":
		// The sum times four is a whole number of fours: above 28 is 32, above 50 is 52.
		return scoring{kind: WHO5, items: numbered[:5], times: 4,
			bands: []bandUp{{0, VeryLow}, {32, Low}, {52, Usual}}}, true
	}
	return scoring{}, false
}

// Score adds answers up; nil: the questionnaire has no score that is known here.
func (q Questionnaire) Score(answers []FormAnswer) *Score {
	s, ok := scoringOf(q.ID)
	if !ok {
		return nil
	}
	out := &Score{Kind: s.kind}
	sum := 0.0
	for _, id := range s.items {
		points, ok := q.points(id, answers)
		if !ok {
			out.Missing = append(out.Missing, id)
			continue
		}
		sum += points
	}
	if len(out.Missing) > 0 {
		return out
	}
	out.Value = sum * s.times
	for _, b := range s.bands {
		if out.Value >= b.from {
			out.Band = b.band
		}
	}
	return out
}

// points are what the answer to an item counts.
func (q Questionnaire) points(id string, answers []FormAnswer) (float64, bool) {
	item, _ := q.Item(id)
	i := slices.IndexFunc(answers, func(a FormAnswer) bool { return a.Item == id })
	if i < 0 {
		return 0, false
	}
	o, ok := item.option(answers[i].Code)
	if !ok || o.Score == nil {
		return 0, false
	}
	return *o.Score, true
}

// Alarming says whether an option of an item is one that somebody must see to when it is chosen.
func (q Questionnaire) Alarming(item, code string) bool {
	return q.alarms([]FormAnswer{{Item: item, Code: code}})
}

// alarms says whether an answer is one that somebody must see to, whatever the others are.
func (q Questionnaire) alarms(answers []FormAnswer) bool {
	s, _ := scoringOf(q.ID)
	if s.alarm == "" {
		return false
	}
	points, ok := q.points(s.alarm, answers)
	return ok && points > 0
}
