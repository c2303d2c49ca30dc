package main

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/httpapi"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// photographs sends a photo of the wound, as the nurse's page does when she was asked for one.
func (m measuring) photographs(wound, askedBy string) protocol.Photo {
	m.t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 640, 480)), nil); err != nil {
		m.t.Fatal(err)
	}
	path := fmt.Sprintf("/api/v1/patients/%s/photos?wound=%s&consultation=%s&askedBy=%s&takenAt=%d&key=k1&source=still", m.patient, wound, m.consultation, askedBy, time.Now().UnixMilli())
	var photo protocol.Photo
	if problem := m.send(http.MethodPost, path, b.Bytes(), &photo, "Content-Type", "image/jpeg"); problem.Code != "" {
		m.t.Fatalf("the photo is not kept: %+v", problem)
	}
	return photo
}

func TestAPhotoThatTheNurseTakesIsBeforeAllWhoMaySeeIt(t *testing.T) {
	links := startApp(t, nil).Links()
	nurse, specialist, patient := join(t, links.Nurse), join(t, links.Specialist), join(t, links.Patient)
	nurse.say(t, protocol.Admit{Participant: patient.Self()})
	until(t, patient, anyOf[protocol.Admitted])
	waiting := join(t, links.Relative)
	home := opensPanel(t, links.Nurse)

	// The demo's wound has healed for five weeks.
	var wounds httpapi.PatientWounds
	if problem := home.ask(http.MethodGet, "/api/v1/patients/"+home.patient+"/wounds", nil, &wounds); problem.Code != "" {
		t.Fatalf("%+v", problem)
	}
	w := wounds.Items[0]
	if len(wounds.Items) != 1 || w.Site != "utsida av venstre legg" || w.Photos != 5 || w.Assessments != 5 || !wounds.MayWrite || w.PhotoBefore == nil {
		t.Fatalf("%+v", wounds)
	}
	if *w.Before.Length != 4.2 || *w.Before.Width != 2.8 || *w.Latest.Length != 3.6 || *w.Latest.Width != 2.5 || *w.Latest.Area >= *w.Before.Area ||
		w.Before.Tissue.Granulation != 60 || w.Latest.Tissue.Fibrin != 25 || *w.Before.Pain != 4 || *w.Latest.Pain != 3 || w.Latest.Dressing != "Skum, kvar tredje dag" {
		t.Errorf("before %+v, now %+v", w.Before, w.Latest)
	}

	told := func(want protocol.Photo) {
		t.Helper()
		for name, c := range map[string]*caller{"nurse": nurse, "specialist": specialist, "patient": patient} {
			m := until(t, c, anyOf[protocol.Photographed])
			if len(m.Photos) != 1 || !reflect.DeepEqual(m.Photos[0], want) {
				t.Errorf("the %s is told %+v, want %+v", name, m, want)
			}
		}
	}
	photo := home.photographs(w.ID, specialist.Self())
	if photo.AskedBy != "Tuva Ask" || photo.By != "Mari Bjørk" || photo.Wound != w.ID || photo.Consultation == "" {
		t.Errorf("%+v", photo)
	}
	told(photo)
	doctor := opensPanel(t, links.Specialist)
	if problem := doctor.ask(http.MethodPost, "/api/v1/patients/"+doctor.patient+"/photos/"+photo.ID+"/drawings",
		httpapi.NewDrawing{Key: "d", Shape: "arrow", Colour: "blue", Points: []float64{0.1, 0.1, 0.5, 0.5}}, &photo); problem.Code != "" {
		t.Fatalf("%+v", problem)
	}
	told(photo)
	if len(photo.Drawings) != 1 || photo.Drawings[0].By != "Tuva Ask" {
		t.Errorf("%+v", photo)
	}

	length := 3.4
	var a httpapi.Assessment
	if problem := home.ask(http.MethodPost, "/api/v1/patients/"+home.patient+"/wounds/"+w.ID+"/assessments", httpapi.NewAssessment{
		Key: "a", Consultation: home.consultation, AssessmentContent: httpapi.AssessmentContent{At: time.Now().UnixMilli(), Photo: photo.ID, Length: &length, Infection: []string{}},
	}, &a); problem.Code != "" {
		t.Fatalf("%+v", problem)
	}
	for _, c := range []*caller{nurse, specialist, patient} {
		anew, length := false, 0.0
		for timeout := time.After(20 * time.Second); !anew || length == 0; { // in whichever order
			select {
			case m := <-c.messages:
				switch m := m.(type) {
				case protocol.Wounded:
					anew = true
				case protocol.Measured:
					if v := m.Measurements[0]; len(m.Measurements) == 1 && v.Kind == "wound-length" {
						length = v.Values[0]
					}
				}
			case <-timeout:
				t.Fatalf("told to read anew: %t, length %v", anew, length)
			}
		}
		if length != 3.4 {
			t.Errorf("measured: %v", length)
		}
	}
	waiting.say(t, protocol.Ping{N: 7})
	for {
		m := <-waiting.messages
		if m.Type() == "pong" {
			break
		}
		if m.Type() == "photographed" || m.Type() == "wounded" {
			t.Errorf("who waits is told %+v", m)
		}
	}
}
