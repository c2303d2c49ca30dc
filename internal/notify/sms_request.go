package notify

import (
	"context"
	"encoding/json"
	"mime"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"text/template"
)

// SMSSetting tells which setting of a gateway breaks which rule.
type SMSSetting struct{ Setting, Rule string }

func (e *SMSSetting) Error() string { return "sms-" + e.Setting + ": " + e.Rule }

// sms is what a gateway's templates can name.
type sms struct{ ID, To, Text, From, Token string }

// defaultSMSBody is what a gateway gets of which nothing else is known.
const defaultSMSBody = `{"id":{{json .ID}},"to":{{json .To}},"text":{{json .Text}}{{if .From}},"from":{{json .From}}{{end}}}`

// smsRequest makes the request that a gateway wants.
type smsRequest struct {
	method    string
	url, body *template.Template
	headers   []smsHeader
}

type smsHeader struct {
	name  string
	value *template.Template
}

func newSMSRequest(cfg SMSConfig) (r smsRequest, err error) {
	r.method = strings.ToUpper(cfg.Method)
	switch r.method {
	case "":
		r.method = http.MethodPost
	case http.MethodPost, http.MethodPut, http.MethodGet:
	default:
		return r, &SMSSetting{"method", "must be POST, PUT or GET"}
	}
	if r.method == http.MethodGet && cfg.Body != "" {
		return r, &SMSSetting{"body", "is not for --sms-method GET: what is to be said stands in --sms-url"}
	}
	if cfg.Body == "" && r.method != http.MethodGet {
		if cfg.ContentType != "" && !isJSON(cfg.ContentType) {
			return r, &SMSSetting{"content-type", "needs --sms-body, which is JSON where nothing else is said"}
		}
		cfg.Body = defaultSMSBody
	}
	if cfg.ContentType == "" {
		cfg.ContentType = "application/json"
	}
	if _, _, err := mime.ParseMediaType(cfg.ContentType); err != nil {
		return r, &SMSSetting{"content-type", "must be a media type, as in application/json"}
	}
	if r.url, err = smsTemplate("url", cfg.URL); err != nil {
		return r, err
	}
	if r.body, err = smsTemplate("body", cfg.Body); err != nil {
		return r, err
	}
	headers := cfg.Headers
	if r.method != http.MethodGet {
		headers = append([]string{"Content-Type: " + cfg.ContentType}, headers...)
	}
	named := map[string]bool{}
	for _, line := range headers {
		name, value, ok := strings.Cut(line, ":")
		name = textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(name))
		if !ok || name == "" || strings.ContainsAny(name, " \t") {
			return r, &SMSSetting{"header", "must be Name: value"}
		}
		if err := r.header(name, strings.TrimSpace(value)); err != nil {
			return r, err
		}
		named[name] = true
	}
	if !named["Idempotency-Key"] {
		if err := r.header("Idempotency-Key", "{{.ID}}"); err != nil {
			return r, err
		}
	}
	if err := r.try(cfg); err != nil {
		return r, err
	}
	if cfg.Token != "" && !named["Authorization"] && !r.names(func(s *sms, v string) { s.Token = v }) {
		err = r.header("Authorization", "Bearer {{.Token}}")
	}
	return r, err
}

func (r *smsRequest) header(name, value string) error {
	t, err := smsTemplate("header", value)
	r.headers = append(r.headers, smsHeader{name, t})
	return err
}

func smsTemplate(setting, text string) (*template.Template, error) {
	t, err := template.New(setting).Option("missingkey=error").Funcs(template.FuncMap{
		"json": func(s string) (string, error) {
			text, err := json.Marshal(s)
			return string(text), err
		},
	}).Parse(text)
	if err != nil {
		return nil, &SMSSetting{setting, "is no template: " + err.Error()}
	}
	return t, nil
}

// make fills the templates in. Its errors hold nothing of the message.
func (r smsRequest) make(ctx context.Context, m sms) (*http.Request, error) {
	address, err := filled(r.url, m)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return nil, &SMSSetting{"url", "must be http(s)://host/path"}
	}
	body, err := filled(r.body, m)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, r.method, u.String(), strings.NewReader(body))
	if err != nil {
		return nil, &SMSSetting{"url", "makes no request"}
	}
	for _, h := range r.headers {
		value, err := filled(h.value, m)
		if err != nil {
			return nil, err
		}
		if strings.ContainsAny(value, "\r\n") { // RFC 9110 §5.5
			return nil, &SMSSetting{"header", h.name + " has a line break in it"}
		}
		req.Header.Set(h.name, value)
	}
	return req, nil
}

func filled(t *template.Template, m sms) (string, error) {
	var out strings.Builder
	if err := t.Execute(&out, m); err != nil {
		// "template: body:1:9: executing "body" at <.Txt>: can't evaluate field Txt in type …"
		_, what, _ := strings.Cut(err.Error(), "executing ")
		return "", &SMSSetting{t.Name(), "can't be filled in: " + what + " (there are .ID, .To, .Text, .From and .Token)"}
	}
	return out.String(), nil
}

// hardSMS is a message with all that goes wrong where it is not quoted.
func hardSMS(cfg SMSConfig) sms {
	return sms{ID: "abc123", To: "+4790000412", Text: "Æ \"ei\" & 100 % + \\ = {å}\n#", From: cfg.From, Token: cfg.Token}
}

// try makes a request of a hard message, and reads it as a gateway would.
func (r smsRequest) try(cfg SMSConfig) error {
	hard := hardSMS(cfg)
	for _, from := range []string{cfg.From, "Fjord", ""} { // both ways of an {{if .From}}
		hard.From = from
		if _, err := r.make(context.Background(), hard); err != nil {
			return err
		}
	}
	hard.From = cfg.From
	req, err := r.make(context.Background(), hard)
	if err != nil {
		return err
	}
	body, err := filled(r.body, hard)
	if err != nil {
		return err
	}
	query, err := url.ParseQuery(req.URL.RawQuery)
	if err != nil {
		return &SMSSetting{"url", "is broken by a text with & or % in it: write {{urlquery .Text}}"}
	}
	where, rule := "url", "does not say the text: write {{urlquery .Text}}"
	says := saidIn(query, hard.Text)
	media, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type"))
	switch {
	case r.method == http.MethodGet || says:
	case isJSON(media):
		where, rule = "body", "does not say the text: write {{json .Text}}"
		var v any
		if err := json.Unmarshal([]byte(body), &v); err != nil {
			return &SMSSetting{where, `is not JSON: write {{json .Text}}, without quotes around it (` + err.Error() + ")"}
		}
		says = saidInJSON(v, hard.Text)
	case media == "application/x-www-form-urlencoded":
		where, rule = "body", "does not say the text: write {{urlquery .Text}}"
		form, err := url.ParseQuery(body)
		if err != nil {
			return &SMSSetting{where, "is no form: write {{urlquery .Text}} (" + err.Error() + ")"}
		}
		says = saidIn(form, hard.Text)
	default:
		where, rule = "body", "does not say the text: {{.Text}}"
		says = r.names(func(s *sms, v string) { s.Text = v })
	}
	if !says {
		return &SMSSetting{where, rule}
	}
	if !r.names(func(s *sms, v string) { s.To = v }) {
		return &SMSSetting{where, "does not say whom it is to: {{.To}}"}
	}
	return nil
}

// names says whether the request is another when a field is.
func (r smsRequest) names(set func(s *sms, value string)) bool {
	one, other := sms{To: "+4790000001"}, sms{To: "+4790000001"}
	set(&one, "+4790000002")
	set(&other, "+4790000003")
	for _, t := range append([]*template.Template{r.url, r.body}, r.values()...) {
		a, _ := filled(t, one) // has been tried
		b, _ := filled(t, other)
		if a != b {
			return true
		}
	}
	return false
}

func (r smsRequest) values() []*template.Template {
	var out []*template.Template
	for _, h := range r.headers {
		out = append(out, h.value)
	}
	return out
}

func isJSON(media string) bool {
	media, _, _ = mime.ParseMediaType(media)
	return media == "application/json" || strings.HasSuffix(media, "+json") // RFC 6839 §3.1
}

func saidIn(form url.Values, text string) bool {
	for _, values := range form {
		for _, v := range values {
			if v == text {
				return true
			}
		}
	}
	return false
}

func saidInJSON(v any, text string) bool {
	switch v := v.(type) {
	case string:
		return v == text
	case []any:
		for _, x := range v {
			if saidInJSON(x, text) {
				return true
			}
		}
	case map[string]any:
		for _, x := range v {
			if saidInJSON(x, text) {
				return true
			}
		}
	}
	return false
}
