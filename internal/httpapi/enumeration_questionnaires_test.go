package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
)

const (
	phqForm     = `{"questionnaire":"phq-9","consultation":"","dueAt":0}`
	weightAsked = `{"kinds":["weight"],"consultation":"","dueAt":0}`
	noForm      = `{"answers":[],"complete":false,"wrong":false,"reason":""}`
)

// questionsWanted are the routes of questionnaires and of the work list.
var questionsWanted = map[string][]route{
	"GET /api/v1/questionnaires": {{needs: signedIn, done: ok}},
	"GET /api/v1/patients/{id}/forms": {
		{query: "/patients/olav/forms", needs: signedIn, actions: actions(access.QuestionnaireRead, access.QuestionnaireAnswer), of: olav, done: ok},
		{query: "/patients/nobody/forms", needs: signedIn, actions: actions(access.QuestionnaireRead), of: unknown, done: ok},
	},
	"GET /api/v1/patients/{id}/forms/{form}": {
		{query: "/patients/olav/forms/nothing", needs: signedIn, actions: actions(access.QuestionnaireRead, access.QuestionnaireAnswer), of: olav, done: []int{404}},
		{query: "/patients/nobody/forms/nothing", needs: signedIn, actions: actions(access.QuestionnaireRead), of: unknown, done: ok},
	},
	"POST /api/v1/patients/{id}/forms": {
		{query: "/patients/olav/forms", needs: signedIn, actions: actions(access.QuestionnaireAnswer), of: olav, done: made, body: phqForm},
		{query: "/patients/nobody/forms", needs: signedIn, actions: actions(access.QuestionnaireAnswer), of: unknown, done: made, body: phqForm},
	},
	"POST /api/v1/patients/{id}/forms/ask": {
		{query: "/patients/olav/forms/ask", needs: signedIn, actions: actions(access.QuestionnaireAsk), of: olav, done: made, body: phqForm},
		{query: "/patients/nobody/forms/ask", needs: signedIn, actions: actions(access.QuestionnaireAsk), of: unknown, done: made, body: phqForm},
	},
	"PUT /api/v1/patients/{id}/forms/{form}": {
		{query: "/patients/olav/forms/nothing", needs: signedIn, actions: actions(access.QuestionnaireAnswer), of: olav, done: []int{404}, body: noForm},
		{query: "/patients/nobody/forms/nothing", needs: signedIn, actions: actions(access.QuestionnaireAnswer), of: unknown, done: ok, body: noForm},
	},
	"GET /api/v1/patients/{id}/asked": {
		{query: "/patients/olav/asked", needs: signedIn, actions: actions(access.QuestionnaireRead, access.QuestionnaireAnswer), of: olav, done: ok},
		{query: "/patients/nobody/asked", needs: signedIn, actions: actions(access.QuestionnaireRead), of: unknown, done: ok},
	},
	"POST /api/v1/patients/{id}/asked": {
		{query: "/patients/olav/asked", needs: signedIn, actions: actions(access.QuestionnaireAsk), of: olav, done: made, body: weightAsked},
		{query: "/patients/nobody/asked", needs: signedIn, actions: actions(access.QuestionnaireAsk), of: unknown, done: made, body: weightAsked},
	},
	"DELETE /api/v1/patients/{id}/asked/{asked}": {
		{query: "/patients/olav/asked/nothing", needs: signedIn, actions: actions(access.QuestionnaireAsk), of: olav, done: []int{404}},
		{query: "/patients/nobody/asked/nothing", needs: signedIn, actions: actions(access.QuestionnaireAsk), of: unknown, done: ok},
	},
	"GET /api/v1/work":                     {{needs: signedIn, actions: actions(access.WorkRead), of: ownHouse, done: ok}},
	"POST /api/v1/work/{work}/acknowledge": {{query: "/work/nothing/acknowledge", needs: signedIn, actions: actions(access.WorkAcknowledge), of: ownHouse, done: []int{404}, body: `{"words":""}`}},
}

// ward answers for everybody in Fjordvik.
type ward struct{}

func (ward) Responsible(context.Context, access.PersonID, access.OrganisationID, access.PersonID) (clinical.Responsible, error) {
	return clinical.Responsible{Organisation: fjordvik, Name: "Nord", Phone: "+4757000000", Contact: "mari", Deputy: "vera"}, nil
}

// asksPatients is the service of questionnaires over the world's store.
func (w *world) asksPatients(relations clinical.Relations, names clinical.Names) *clinical.Questions {
	w.t.Helper()
	all, err := clinical.ReadQuestionnaires(nil)
	w.must(err)
	q, err := clinical.NewQuestions(clinical.QuestionsConfig{
		Store: w.db.Questions(), Relations: relations, Names: names, Contacts: ward{}, Questionnaires: all, Now: func() time.Time { return w.now },
		About: func(ctx context.Context, id string) (access.PersonID, error) {
			a, err := w.db.Appointments().Appointment(ctx, scheduling.AppointmentID(id))
			if err != nil {
				return "", clinical.ErrNotFound
			}
			return a.Patient(), nil
		},
	})
	w.must(err)
	return q
}

// decoded reads a good answer.
func decoded[T any](w *world, res *http.Response, status int) (out T) {
	w.t.Helper()
	body := bodyOf(w.t, res)
	if res.StatusCode != status {
		w.t.Fatalf("status %d: %s", res.StatusCode, body)
	}
	w.must(json.Unmarshal([]byte(body), &out))
	return out
}

func TestAPatientAnswersAndIsToldWhomToRingAndANurseAcknowledges(t *testing.T) {
	w := newWorld(t)
	mari, olav := w.signsIn("mari", identity.LevelSubstantial), w.opens("c1", "olav", access.Patient)
	list := decoded[QuestionnaireList](w, w.asks("GET", "/questionnaires?language=nb", "", olav...), http.StatusOK)
	if len(list.Items) != 3 || list.Items[1].ID != "phq-9" || list.Items[1].Items[1].Text != "Lite interesse for eller glede over å gjøre ting" {
		t.Errorf("%+v", list.Items)
	}
	for _, i := range list.Items[1].Items {
		for n, o := range i.Options {
			if want := i.ID == "9" && n > 0; o.Alarm != want {
				t.Errorf("item %s, option %d: alarm is %v", i.ID, n, o.Alarm)
			}
		}
	}
	asked := decoded[Form](w, w.asks("POST", "/patients/olav/forms/ask", `{"questionnaire":"phq-9","consultation":"c1","dueAt":0}`, mari...), http.StatusCreated)
	path := "/patients/olav/forms/" + asked.ID
	saved := decoded[Form](w, w.asks("PUT", path, `{"answers":[{"item":"9","code":"LA6571-9","number":null,"text":""}],"complete":true,"wrong":false,"reason":""}`,
		append(olav, "If-Match", `"1"`)...), http.StatusOK)
	if len(saved.Help) != 3 || saved.Help[0].Phone != "113" || saved.Help[1].Phone != "116117" || saved.Help[2] != (HelpLine{"own", "Nord", "+4757000000"}) ||
		saved.Score == nil || len(saved.Score.Missing) != 8 || !saved.Alarm {
		t.Errorf("%+v", saved)
	}
	p := problemIn(t, w.asks("PUT", path, `{"answers":[{"item":"9","code":"no","number":null,"text":""}],"complete":true,"wrong":false,"reason":""}`, append(olav, "If-Match", `"2"`)...))
	if p.Status != http.StatusUnprocessableEntity || p.Field != "answers[0].code" {
		t.Errorf("%+v", p)
	}
	if p := problemIn(t, w.asks("PUT", path, `{"answers":[],"complete":false,"wrong":false,"reason":""}`, olav...)); p.Status != http.StatusPreconditionRequired {
		t.Errorf("without If-Match: %+v", p)
	}
	work := decoded[WorkList](w, w.asks("GET", "/work", "", mari...), http.StatusOK)
	if len(work.Items) != 1 || work.Items[0].PatientName == "" || work.Items[0].Points != 3 {
		t.Fatalf("%+v", work)
	}
	per := w.signsIn("per", identity.LevelSubstantial) // the GP, of the same house
	first := decoded[WorkAcknowledged](w, w.asks("POST", "/work/"+work.Items[0].ID+"/acknowledge", `{"words":"ringjer"}`, per...), http.StatusOK)
	second := decoded[WorkAcknowledged](w, w.asks("POST", "/work/"+work.Items[0].ID+"/acknowledge", `{"words":""}`, mari...), http.StatusOK)
	if first.Already || !second.Already || second.Item.AcknowledgedBy != first.Item.AcknowledgedBy || second.Item.Words != "ringjer" {
		t.Errorf("first %+v, second %+v", first, second)
	}
}
