package main

import (
	"strings"
	"testing"
)

func TestOtherSystemsFindFHIRWhereTheServiceIs(t *testing.T) {
	app := startApp(t, nil)
	base := app.URL()
	status, body := get(t, base+"/fhir/metadata")
	if status != 200 || !strings.Contains(body, `"url":"`+base+`/fhir"`) || !strings.Contains(body, `"fhirVersion":"4.0.1"`) {
		t.Errorf("status %d: %s", status, body)
	}
	if status, body := get(t, base+"/fhir/Patient/olav"); status != 401 || !strings.Contains(body, `"OperationOutcome"`) {
		t.Errorf("status %d: %s", status, body)
	}
}
