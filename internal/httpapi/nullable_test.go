package httpapi

import (
	"reflect"
	"testing"

	"github.com/danielgtaylor/huma/v2"
)

func TestAnObjectThatMayBeNullIsTakenAsEitherAndAsNothingElse(t *testing.T) {
	registry := huma.NewMapRegistry(schemaPrefix, huma.DefaultSchemaNamer)
	schema := enumerations{}.finishField(huma.SchemaFromType(registry, reflect.TypeFor[Tissue]()), reflect.TypeFor[*Tissue](), false)
	for _, c := range []struct {
		name  string
		value any
		taken bool
	}{
		{"null", nil, true},
		{"an object", map[string]any{"granulation": 75.0, "epithelium": 0.0, "fibrin": 25.0, "necrosis": 0.0}, true},
		{"an object with a part missing", map[string]any{"granulation": 75.0}, false},
		{"a number", 75.0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var found huma.ValidateResult
			huma.Validate(registry, schema, huma.NewPathBuffer(nil, 0), huma.ModeWriteToServer, c.value, &found)
			if taken := len(found.Errors) == 0; taken != c.taken {
				t.Errorf("taken: %v, want %v: %v", taken, c.taken, found.Errors)
			}
		})
	}
}
