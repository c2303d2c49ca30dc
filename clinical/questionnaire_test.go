package clinical_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/samkonsult/samkonsult/clinical"
)

func questionnaires(t testing.TB) clinical.Questionnaires {
	t.Helper()
	all, err := clinical.ReadQuestionnaires(nil)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestOurOwnQuestionnairesAreWholeInEveryLanguage(t *testing.T) {
	all := questionnaires(t)
	asked := map[clinical.QuestionnaireID]int{}
	for _, q := range all.All() {
		if q.Copyright == "" || q.Version == "" {
			t.Errorf("%s has no credit or version", q.ID)
		}
		for _, item := range q.Items {
			if item.Type != clinical.Display {
				asked[q.ID]++
			}
			for _, l := range []string{"nn", "nb", "en"} {
				if item.Words[l] == "" {
					t.Errorf("%s, item %s has no %s", q.ID, item.ID, l)
				}
				for _, o := range item.Options {
					if o.Words[l] == "" {
						t.Errorf("%s, item %s, %s has no %s", q.ID, item.ID, o.Code, l)
					}
				}
			}
		}
	}
	if fmt.Sprint(asked) != "map[gad-7:7 phq-9:10 who-5:5]" { // PHQ-9's tenth counts nothing
		t.Errorf("asked: %v", asked)
	}
}

// vas is a questionnaire as a licensed one may be, with each kind of answer.
const vas = `{"resourceType":"Questionnaire","id":"helse","status":"active","version":"2","title":"Helse","language":"nb-NO",
 "extension":[{"url":"https://vendor.example/licence","valueCodeableConcept":{"text":"x"}}],
 "item":[{"linkId":"a","type":"integer","required":true,"text":"Helse i dag","extension":[
   {"url":"http://hl7.org/fhir/StructureDefinition/minValue","valueInteger":0},{"url":"http://hl7.org/fhir/StructureDefinition/maxValue","valueInteger":100}]},
  {"linkId":"b","type":"choice","text":"Gange","answerOption":[{"valueCoding":{"code":"1","display":"Godt"}},{"valueCoding":{"code":"2","display":"Dårlig"}}]},
  {"linkId":"c","type":"string","maxLength":5,"text":"Kort"},{"linkId":"d","type":"text","text":"Langt"}]}`

func TestALicensedQuestionnaireIsReadFromAFolder(t *testing.T) {
	all, err := clinical.ReadQuestionnaires(fstest.MapFS{"helse.json": {Data: []byte(vas)}, "les-meg.txt": {Data: []byte("nothing")}})
	if err != nil {
		t.Fatal(err)
	}
	q, ok := all.Questionnaire("helse")
	if a, _ := q.Item("a"); !ok || len(all.All()) != 4 || a.Least != 0 || a.Most != 100 || !a.Required || clinical.In(a.Words, "en") != "Helse i dag" {
		t.Errorf("%+v", q)
	}
	if _, err := clinical.ReadQuestionnaires(fstest.MapFS{"mine.json": {Data: []byte(strings.Replace(vas, `"helse"`, `"phq-9"`, 1))}}); err == nil || !strings.Contains(err.Error(), `mine.json: id "phq-9" is another's`) {
		t.Errorf("another PHQ-9: %v", err)
	}
}

func TestAQuestionnaireThatIsNotUnderstoodIsRefusedWithThePlace(t *testing.T) {
	for change, field := range map[string]string{
		`"resourceType":"Questionnaire"→"resourceType":"Patient"`: "resourceType",
		`"id":"helse"→"id":"../helse"`:                            "id",
		`"status":"active"→"status":"retired"`:                    "status",
		`"version":"2",→`:                                         "version",
		`"title":"Helse"→"title":""`:                              "title",
		`"linkId":"b"→"linkId":"a"`:                               "item[1].linkId",
		`"type":"choice"→"type":"attachment"`:                     "item[1].answerOption",
		`"type":"text"→"type":"attachment"`:                       "item[3].type",
		`"code":"2"→"code":"1"`:                                   "item[1].answerOption[1].valueCoding.code",
		`"valueInteger":100→"valueInteger":-1`:                    "item[0].extension",
		`"maxLength":5→"maxLength":5000`:                          "item[2].maxLength",
		`"maxLength":5→"repeats":true`:                            "item[2].repeats",
		`"maxLength":5→"enableWhen":[]`:                           "file",
		`"maxLength":5→"item":[]`:                                 "file",
		`"display":"Godt"→"display":"Godt\u0000"`:                 "item[1].answerOption[0].valueCoding.display",
		`{"valueCoding":{"code":"2","display":"Dårlig"}}→{"valueCoding":{"code":"2","display":""}}`:       "item[1].answerOption[1].valueCoding.display",
		`,{"valueCoding":{"code":"2","display":"Dårlig"}}→`:                                               "item[1].answerOption",
		`"display":"Godt"→"display":"Godt","extension":[{"url":"` + ordinal + `","valueDecimal":100000}]`: "item[1].answerOption[0].valueCoding",
	} {
		from, to, _ := strings.Cut(change, "→")
		broken := strings.Replace(vas, from, to, 1)
		if broken == vas {
			t.Errorf("%s changes nothing", from)
		}
		_, err := clinical.ReadQuestionnaire([]byte(broken))
		if fault, ok := errors.AsType[*clinical.Invalid](err); !ok || fault.Field != field {
			t.Errorf("%s: %v, want it to name %s", change, err, field)
		}
	}
	if _, err := clinical.ReadQuestionnaire([]byte(vas + vas)); err == nil {
		t.Error("two in one file are read")
	}
	if _, err := clinical.ReadQuestionnaire([]byte(vas + strings.Repeat(" ", 512<<10))); err == nil || !strings.Contains(err.Error(), "at most 524288 bytes") {
		t.Errorf("a large file: %v", err)
	}
}

const ordinal = "http://hl7.org/fhir/StructureDefinition/ordinalValue"

func FuzzQuestionnaire(f *testing.F) {
	f.Add([]byte(vas))
	f.Add([]byte(`{"resourceType":"Questionnaire","item":[{"extension":[{"extension":[{}]}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		q, err := clinical.ReadQuestionnaire(data)
		if err != nil {
			if _, ok := errors.AsType[*clinical.Invalid](err); !ok {
				t.Errorf("%v names no field", err)
			}
			return
		}
		for _, i := range q.Items {
			if clinical.In(i.Words, "nn") == "" || i.Type == clinical.Choice && len(i.Options) < 2 || i.Least > i.Most {
				t.Errorf("read: %+v", i)
			}
		}
	})
}

// codes of the answers that count so many points, by questionnaire.
var codes = map[clinical.QuestionnaireID][]string{
	"phq-9": {"LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9"},
	"gad-7": {"LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9"},
	"who-5": {"0", "1", "2", "3", "4", "5"},
}

// summing are answers to the first n items that add up to sum, the first ones counting the most.
func summing(q clinical.QuestionnaireID, n, sum int) (out []clinical.FormAnswer) {
	most := len(codes[q]) - 1
	for i := 1; i <= n; i++ {
		points := min(most, sum)
		sum -= points
		out = append(out, clinical.FormAnswer{Item: strconv.Itoa(i), Code: codes[q][points]})
	}
	return out
}

func TestEveryScoreAndEveryBorder(t *testing.T) {
	for id, want := range map[clinical.QuestionnaireID]struct {
		items, most int
		times       float64
		band        func(score float64) clinical.Band
	}{
		"phq-9": {9, 27, 1, func(s float64) clinical.Band {
			return above(s, 4, clinical.Minimal, 9, clinical.Mild, 14, clinical.Moderate, 19, clinical.ModeratelySevere, 27, clinical.Severe)
		}},
		"gad-7": {7, 21, 1, func(s float64) clinical.Band {
			return above(s, 4, clinical.Minimal, 9, clinical.Mild, 14, clinical.Moderate, 21, clinical.Severe)
		}},
		"who-5": {5, 25, 4, func(s float64) clinical.Band {
			return above(s, 28, clinical.VeryLow, 50, clinical.Low, 100, clinical.Usual)
		}},
	} {
		q, _ := questionnaires(t).Questionnaire(id)
		for sum := 0; sum <= want.most; sum++ {
			score := q.Score(summing(id, want.items, sum))
			value := float64(sum) * want.times
			if score == nil || score.Kind != clinical.KindID(id) || score.Value != value || score.Band != want.band(value) || len(score.Missing) > 0 {
				t.Errorf("%s, sum %d: %+v, want %g, %s", id, sum, score, value, want.band(value))
			}
		}
		all := summing(id, want.items, want.most)
		for i := range all {
			score := q.Score(slices.Delete(slices.Clone(all), i, i+1))
			if score == nil || score.Value != 0 || score.Band != "" || !slices.Equal(score.Missing, []string{strconv.Itoa(i + 1)}) {
				t.Errorf("%s without %d: %+v", id, i+1, score)
			}
		}
	}
}

// above finds the word of the first upper border that a score does not go over.
func above(score float64, borders ...any) clinical.Band {
	for i := 0; i < len(borders); i += 2 {
		if score <= float64(borders[i].(int)) {
			return borders[i+1].(clinical.Band)
		}
	}
	return "beyond"
}
