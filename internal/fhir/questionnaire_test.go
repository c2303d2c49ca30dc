package fhir

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
)

const phq = "https://github.com/samkonsult/samkonsult/fhir/Questionnaire/phq-9"

// phq9 is Olav's PHQ-9 as another system sends it, each of the nine items answered with the same
// code but the last: LOINC's answers to it are of 0, 1, 2 and 3 points.
func phq9(name string, all, last int, more ...string) string {
	codes := []string{"LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9"}
	var items []string
	for i := range 9 {
		points := all
		if i == 8 {
			points = last
		}
		items = append(items, fmt.Sprintf(`{"linkId":"%d","answer":[{"valueCoding":{"system":"http://loinc.org","code":"%s"}}]}`, i+1, codes[points]))
	}
	return olavsAnswers(name, append([]string{`"status":"completed"`, `"questionnaire":"` + phq + `|1"`, `"item":[` + strings.Join(items, ",") + `]`}, more...)...)
}

// olavsAnswers is a QuestionnaireResponse of Olav's with some elements.
func olavsAnswers(name string, elements ...string) string {
	return `{"resourceType":"QuestionnaireResponse","identifier":{"system":"https://platform.example.no/answers","value":"` + name + `"},` +
		`"subject":{"reference":"Patient/olav"},"authored":"2026-11-30T06:30:00Z",` + strings.Join(elements, ",") + `}`
}

func answersWorld(t *testing.T) *world {
	w := newWorld(t)
	w.speak(w.db.Clinical())
	return w.as(journal)
}

func TestTheExampleOfAQuestionnaireAndOfItsAnswers(t *testing.T) {
	w := answersWorld(t)
	isExample(t, "questionnaire", indented(t, bodyOf(t, w.asks("GET", "/Questionnaire/helse", ""))))
	res := w.asks("POST", "/QuestionnaireResponse", phq9("a", 1, 0))
	// Its id is of random names in nothing: who has sent it, whose it is and what it is called.
	isExample(t, "questionnaireresponse", indented(t, bodyOf(t, res)))
}

func TestQuestionnairesAreReadInEveryLanguageWithWhatAnswersCount(t *testing.T) {
	w := answersWorld(t)
	all := told[bundle[Questionnaire]](w, w.asks("GET", "/Questionnaire", ""), http.StatusOK)
	if !slices.Equal(all.ids(), []string{"gad-7", "helse", "phq-9", "who-5"}) {
		t.Fatalf("%v", all.ids())
	}
	own := all.Entry[1].Resource
	if own.URL != "https://video.example.no/fhir/Questionnaire/helse" || *own.Item[0].Extension[1].ValueInteger != 100 || own.Item[2].MaxLength != 5 || own.TitleMore != nil {
		t.Errorf("%+v", own)
	}
	one := told[bundle[Questionnaire]](w, w.asks("GET", "/Questionnaire?url="+phq, ""), http.StatusOK).Entry[0].Resource
	item := one.Item[1]
	if item.Text != "Lite interesse for eller glede over å gjøre ting" || len(item.TextMore.Extension) != 2 || *item.AnswerOption[3].Extension[0].ValueDecimal != 3 {
		t.Errorf("%+v", item)
	}
	// Nothing in it is anybody's.
	told[Questionnaire](w.as(siv), w.asks("GET", "/Questionnaire/phq-9", ""), http.StatusOK)
	w.failed("another", w.asks("GET", "/Questionnaire/phq-2", ""), 404, IssueNotFound, "")
}

func TestWhatWasAnsweredElsewhereIsKeptOnceWithItsScore(t *testing.T) {
	w := answersWorld(t)
	res := w.asks("POST", "/QuestionnaireResponse", phq9("a", 1, 0))
	tag := res.Header.Get("ETag")
	got := told[QuestionnaireResponse](w, res, http.StatusCreated)
	if got.Authored != "2026-11-30T06:30:00Z" || got.Author.Reference != "Organization/fjordvik" || got.Source.Reference != "Patient/olav" || got.Identifier.Value != "a" || tag != `W/"1"` {
		t.Errorf("%+v, %s", got, tag)
	}
	if first := got.Item[0]; first.Answer[0].ValueCoding.Display != "Noen dager" || first.Text == "" {
		t.Errorf("%+v", first)
	}
	again := told[QuestionnaireResponse](w, w.asks("POST", "/QuestionnaireResponse", phq9("a", 1, 0)), http.StatusOK)
	if again.ID != got.ID {
		t.Errorf("sent again it is %s and was %s", again.ID, got.ID)
	}
	w.failed("others under the same name", w.asks("POST", "/QuestionnaireResponse", phq9("a", 2, 0)), 422, IssueBusinessRule, "QuestionnaireResponse.identifier")

	all := told[bundle[QuestionnaireResponse]](w, w.asks("POST", "/QuestionnaireResponse/_search", "patient=olav&questionnaire="+phq+"&status=completed&authored=ge2026-11-30"), http.StatusOK)
	if !slices.Equal(all.ids(), []string{string(got.ID)}) {
		t.Errorf("%v", all.ids())
	}
	scores := told[bundle[Observation]](w, w.asks("POST", "/Observation/_search", "patient=olav&category=survey"), http.StatusOK)
	if len(scores.Entry) != 1 || *scores.Entry[0].Resource.ValueQuantity.Value != 8 || scores.Entry[0].Resource.EffectiveDateTime != "2026-11-30T06:30:00Z" ||
		scores.Entry[0].Resource.DerivedFrom[0].Reference != "QuestionnaireResponse/"+string(got.ID) {
		t.Errorf("%+v", scores.Entry)
	}
	if work, err := w.db.Questions().Work(t.Context(), fjordvik, time.Time{}, 10); err != nil || len(work) != 0 {
		t.Errorf("%+v, %v", work, err)
	}
}

// However many are sent at once, one is kept, and one is told of it.
func TestAGraveAnswerFromElsewhereBecomesWorkOnce(t *testing.T) {
	w := answersWorld(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if res := w.asks("POST", "/QuestionnaireResponse", phq9("a", 0, 2)); res.StatusCode != http.StatusCreated && res.StatusCode != http.StatusOK {
				t.Errorf("status %d", res.StatusCode)
			}
		})
	}
	all.Wait()
	work, err := w.db.Questions().Work(t.Context(), fjordvik, time.Time{}, 10)
	if err != nil || len(work) != 1 || work[0].Why.Item != "9" || work[0].Why.Points != 2 || work[0].Contact != "mari" {
		t.Errorf("%+v, %v", work, err)
	}
	if forms, err := w.db.Questions().Forms(t.Context(), "olav"); err != nil || len(forms) != 1 {
		t.Errorf("%+v, %v", forms, err)
	}
}

func TestAnswersAreAmendedOrTakenBackByWhoHasSentThem(t *testing.T) {
	w := answersWorld(t)
	res := w.asks("POST", "/QuestionnaireResponse", phq9("a", 1, 0))
	tag, got := res.Header.Get("ETag"), told[QuestionnaireResponse](w, res, http.StatusCreated)
	at := "/QuestionnaireResponse/" + string(got.ID)
	named := `"id":"` + string(got.ID) + `"`
	amended := strings.Replace(phq9("a", 2, 0, named), `"completed"`, `"amended"`, 1)
	w.failed("still completed", w.asks("PUT", at, phq9("a", 2, 0, named), "If-Match", tag), 422, IssueBusinessRule, "QuestionnaireResponse.status")
	w.failed("another's", w.as(booker).asks("PUT", at, amended, "If-Match", tag), 404, IssueNotFound, "")
	w.as(journal)
	now := told[QuestionnaireResponse](w, w.asks("PUT", at, amended, "If-Match", tag), http.StatusOK)
	if now.Status != "amended" || now.Item[0].Answer[0].ValueCoding.Code != "LA6570-1" {
		t.Errorf("%+v", now)
	}
	w.failed("on what was", w.asks("PUT", at, strings.Replace(amended, "LA6570-1", "LA6571-9", 1), "If-Match", tag), 412, IssueConflict, "")
	// What was sent first is known again after it has been amended.
	if known := told[QuestionnaireResponse](w, w.asks("POST", "/QuestionnaireResponse", phq9("a", 1, 0)), http.StatusOK); known.Status != "amended" {
		t.Errorf("%+v", known)
	}
	wrong := strings.Replace(amended, `"amended"`, `"entered-in-error"`, 1)
	if now = told[QuestionnaireResponse](w, w.asks("PUT", at, wrong, "If-Match", `W/"2"`), http.StatusOK); now.Status != "entered-in-error" {
		t.Errorf("%+v", now)
	}
	scores := told[bundle[Observation]](w, w.asks("POST", "/Observation/_search", "patient=olav&category=survey"), http.StatusOK)
	if len(scores.Entry) != 1 || scores.Entry[0].Resource.Status != "entered-in-error" {
		t.Errorf("%+v", scores.Entry)
	}
}

func TestWhatIsAskedForAndNotAnsweredIsNoResponse(t *testing.T) {
	w := answersWorld(t)
	asked, err := w.questions.Ask(t.Context(), mari, "olav", clinical.NewForm{Questionnaire: "phq-9"})
	w.must(err)
	w.failed("asked", w.asks("GET", "/QuestionnaireResponse/olav."+string(asked.ID), ""), 404, IssueNotFound, "")
	w.now = w.now.Add(time.Hour)
	_, err = w.questions.Save(t.Context(), olav, "olav", asked.ID, asked.Version, clinical.Answers{Answers: []clinical.FormAnswer{{Item: "1", Code: "LA6568-5"}}})
	w.must(err)
	got := told[QuestionnaireResponse](w, w.asks("GET", "/QuestionnaireResponse/olav."+string(asked.ID), ""), http.StatusOK)
	if got.Status != "in-progress" || got.Author.Reference != "Patient/olav" || got.Authored != "2026-11-30T08:00:00Z" {
		t.Errorf("%+v", got)
	}
}

func TestAnswersOfEveryKindComeBackAsTheyWereSent(t *testing.T) {
	w := answersWorld(t)
	body := olavsAnswers("h", `"status":"completed"`, `"questionnaire":"https://video.example.no/fhir/Questionnaire/helse"`, `"author":{"reference":"Organization/fjordvik"},"source":{"reference":"Patient/olav"}`,
		`"item":[{"linkId":"a","text":"Helse i dag","answer":[{"valueInteger":70}]},{"linkId":"b","answer":[{"valueCoding":{"code":"2"}}]},{"linkId":"c","answer":[{"valueString":"bra"}]}]`)
	got := told[QuestionnaireResponse](w, w.asks("POST", "/QuestionnaireResponse", body), http.StatusCreated)
	if *got.Item[0].Answer[0].ValueInteger != 70 || got.Item[1].Answer[0].ValueCoding.Display != "Dårlig" || got.Item[2].Answer[0].ValueString != "bra" || got.Questionnaire != "https://video.example.no/fhir/Questionnaire/helse|2" {
		t.Errorf("%+v", got)
	}
}

func TestAnswersThatBreakARuleAreRefusedWithTheElement(t *testing.T) {
	w := answersWorld(t)
	own := func(elements ...string) string {
		return olavsAnswers("x", append([]string{`"status":"completed"`, `"questionnaire":"https://video.example.no/fhir/Questionnaire/helse"`}, elements...)...)
	}
	for why, c := range map[string]struct {
		body, where string
		status      int
		code        IssueCode
	}{
		"no identifier":              {strings.Replace(phq9("a", 1, 0), `"identifier":{"system":"https://platform.example.no/answers","value":"a"},`, "", 1), "QuestionnaireResponse.identifier", 422, IssueRequired},
		"a half":                     {strings.Replace(phq9("a", 1, 0), `"completed"`, `"in-progress"`, 1), "QuestionnaireResponse.status", 422, IssueBusinessRule},
		"another questionnaire":      {strings.Replace(phq9("a", 1, 0), "phq-9|1", "phq-2|1", 1), "QuestionnaireResponse.questionnaire", 422, IssueBusinessRule},
		"another version":            {strings.Replace(phq9("a", 1, 0), "phq-9|1", "phq-9|7", 1), "QuestionnaireResponse.questionnaire", 422, IssueBusinessRule},
		"in the future":              {strings.Replace(phq9("a", 1, 0), "2026-11-30T06", "2026-11-30T09", 1), "QuestionnaireResponse.authored", 422, IssueBusinessRule},
		"a day":                      {strings.Replace(phq9("a", 1, 0), "2026-11-30T06:30:00Z", "2026-11-30", 1), "QuestionnaireResponse.authored", 422, IssueBusinessRule},
		"nobody's":                   {strings.Replace(phq9("a", 1, 0), `"subject":{"reference":"Patient/olav"},`, "", 1), "QuestionnaireResponse.subject", 422, IssueRequired},
		"another author":             {phq9("a", 1, 0, `"author":{"reference":"Practitioner/mari"}`), "QuestionnaireResponse.author", 422, IssueBusinessRule},
		"another source":             {phq9("a", 1, 0, `"source":{"reference":"RelatedPerson/ragna"}`), "QuestionnaireResponse.source", 422, IssueBusinessRule},
		"an element that isn't kept": {phq9("a", 1, 0, `"encounter":{"reference":"Encounter/1"}`), "QuestionnaireResponse.encounter", 400, IssueNotSupported},
		"a code of another system":   {strings.Replace(phq9("a", 1, 0), `"system":"http://loinc.org","code":"LA6569-3"`, `"system":"http://snomed.info/sct","code":"LA6569-3"`, 1), "QuestionnaireResponse.item[0].answer[0].valueCoding.system", 422, IssueBusinessRule},
		"a code of none":             {strings.Replace(phq9("a", 1, 0), "LA6569-3", "LA0", 1), "QuestionnaireResponse.item[0].answer[0].valueCoding", 422, IssueBusinessRule},
		"no link":                    {own(`"item":[{"text":"x"}]`), "QuestionnaireResponse.item[0].linkId", 422, IssueRequired},
		"another item":               {own(`"item":[{"linkId":"a","answer":[{"valueInteger":1}]},{"linkId":"z","answer":[{"valueInteger":1}]}]`), "QuestionnaireResponse.item[1].linkId", 422, IssueBusinessRule},
		"two answers":                {own(`"item":[{"linkId":"a","answer":[{"valueInteger":1},{"valueInteger":2}]}]`), "QuestionnaireResponse.item[0].answer", 422, IssueBusinessRule},
		"an answer of two kinds":     {own(`"item":[{"linkId":"a","answer":[{"valueInteger":1,"valueString":"x"}]}]`), "QuestionnaireResponse.item[0].answer[0]", 422, IssueBusinessRule},
		"a number beyond":            {own(`"item":[{"linkId":"a","answer":[{"valueInteger":101}]}]`), "QuestionnaireResponse.item[0].answer[0].valueInteger", 422, IssueBusinessRule},
		"too many words":             {own(`"item":[{"linkId":"a","answer":[{"valueInteger":1}]},{"linkId":"c","answer":[{"valueString":"bra nok"}]}]`), "QuestionnaireResponse.item[1].answer[0].valueString", 422, IssueBusinessRule},
		"one that must be there":     {own(`"item":[{"linkId":"a"},{"linkId":"c","answer":[{"valueString":"bra"}]}]`), "QuestionnaireResponse.item", 422, IssueBusinessRule},
		"items in items":             {own(`"item":[{"linkId":"a","item":[{"linkId":"b"}]}]`), "QuestionnaireResponse.item[0].item", 400, IssueNotSupported},
	} {
		w.failed(why, w.asks("POST", "/QuestionnaireResponse", c.body), c.status, c.code, c.where)
	}
	w.failed("a patient in an address", w.asks("GET", "/QuestionnaireResponse?patient=olav", ""), 400, IssueBusinessRule, "http.patient")
	w.failed("another status", w.asks("POST", "/QuestionnaireResponse/_search", "patient=olav&status=stopped"), 400, IssueValue, "http.status")
	w.failed("a questionnaire that is none", w.asks("POST", "/QuestionnaireResponse/_search", "patient=olav&questionnaire=x"), 400, IssueValue, "http.questionnaire")
	w.failed("nobody's platform", w.as(stray).asks("POST", "/QuestionnaireResponse", phq9("a", 1, 0)), 403, IssueForbidden, "")
	w.failed("a coordinator", w.as(siv).asks("POST", "/QuestionnaireResponse/_search", "patient=olav"), 403, IssueForbidden, "")
	if forms, err := w.db.Questions().Forms(t.Context(), "olav"); err != nil || len(forms) != 0 {
		t.Errorf("%+v, %v", forms, err)
	}
}
