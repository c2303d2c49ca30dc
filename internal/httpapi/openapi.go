package httpapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

const schemaPrefix = "#/components/schemas/"

// newAPI begins the API over a mux. There is no page that explains it: those of huma load
// scripts from elsewhere.
func newAPI(mux humago.Mux) huma.API {
	schemas := huma.NewMapRegistry(schemaPrefix, huma.DefaultSchemaNamer)
	format := jsonFormat()
	return humago.New(mux, huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "samkonsult", Version: "1",
				Description: "Errors are problem documents (RFC 9457) with a stable code. Who is not signed in gets one and the same 401.",
			},
			Components: &huma.Components{
				Schemas: schemas,
				Responses: map[string]*huma.Response{"Problem": {
					Description: "It went wrong: code says how.",
					Content: map[string]*huma.MediaType{
						"application/problem+json": {Schema: schemas.Schema(reflect.TypeFor[Problem](), true, "")},
					},
				}},
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"session": {Type: "apiKey", In: "cookie", Name: "__Host-sk", Description: "made by signing in or by a link; with a handle its name ends with it"},
					"machine": {Type: "oauth2", Flows: &huma.OAuthFlows{
						// RFC 6749 §4.4 with the client authentication of RFC 7523 §2.2.
						ClientCredentials: &huma.OAuthFlow{TokenURL: apiPath + "/token", Scopes: map[string]string{}},
					}},
				},
			},
		},
		// Two names of one format: good answers and problems.
		Formats:       map[string]huma.Format{"application/json": format, "application/problem+json": format},
		DefaultFormat: "application/json",
		Transformers:  []huma.Transformer{ownProblems},
	})
}

// ownProblems answers in our words where huma has found something wrong.
func ownProblems(_ huma.Context, _ string, v any) (any, error) {
	if m, ok := v.(*huma.ErrorModel); ok {
		return problemOfSchema(m), nil
	}
	return v, nil
}

// finish completes the API's description once every operation is there, and returns it as JSON.
func finish(api huma.API) ([]byte, error) {
	all := api.OpenAPI().Components.Schemas
	// huma's own error bodies are never sent: ownProblems is before them.
	delete(all.Map(), "ErrorModel")
	delete(all.Map(), "ErrorDetail")
	enums := knownEnumerations()
	for name, schema := range all.Map() {
		if err := enums.finishStruct(schema, all.TypeFromRef(schemaPrefix+name)); err != nil {
			return nil, fmt.Errorf("schema of %s: %w", name, err)
		}
	}
	for t, values := range enums {
		all.Map()[enumName(t)] = enumSchema(values)
	}
	text, err := json.MarshalIndent(api.OpenAPI(), "", "  ")
	if err != nil {
		return nil, fmt.Errorf("OpenAPI document: %w", err)
	}
	return append(text, '\n'), nil
}

// finishStruct says of each field of a struct what its Go type alone does not tell huma: the
// names of an enumeration, that a list is never null, that a pointer may be.
func (e enumerations) finishStruct(s *huma.Schema, t reflect.Type) error {
	if t == nil || t.Kind() != reflect.Struct {
		return fmt.Errorf("%v is no struct", t)
	}
	for _, f := range reflect.VisibleFields(t) { // those of embedded structs too
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		prop := s.Properties[name]
		if prop == nil {
			continue
		}
		finished := e.finishField(prop, f.Type, strings.Contains(options, "omit"))
		finished.Description, finished.ReadOnly = prop.Description, prop.ReadOnly
		s.Properties[name] = finished
	}
	return nil
}

func (e enumerations) finishField(prop *huma.Schema, t reflect.Type, mayMiss bool) *huma.Schema {
	switch {
	case e[t] != nil:
		return &huma.Schema{Ref: schemaPrefix + enumName(t)}
	case t.Kind() == reflect.Slice && prop.Items != nil:
		prop.Nullable = false // withLists
		prop.Items = e.finishField(prop.Items, t.Elem(), false)
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct && !mayMiss:
		// huma checks no value against the type null: by its name alone an object would be both.
		null := &huma.Schema{Type: "null", Enum: []any{nil}}
		null.PrecomputeMessages()
		return &huma.Schema{OneOf: []*huma.Schema{prop, null}}
	}
	return prop
}

func enumSchema(values []string) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, v := range values {
		s.Enum = append(s.Enum, v)
	}
	s.PrecomputeMessages()
	return s
}

// Description returns the OpenAPI document of the whole API, without a service behind it.
func Description() ([]byte, error) {
	h := &Handler{}
	api := newAPI(http.NewServeMux())
	h.registerAll(api)
	return finish(api)
}

// serveDescription answers with the OpenAPI document.
func (h *Handler) serveDescription(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/openapi+json") // as OpenAPI 3.1's own registration asks for
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(h.description) // the reader has gone: nobody to tell
}
