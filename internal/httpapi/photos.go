package httpapi

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

const (
	photoBytes = 20 << 20        // most that a photo has
	photoTime  = 3 * time.Minute // to come over a slow network, and to be made small
)

// pictureTypes are what a photo may come as. What it is, its content says.
var pictureTypes = []string{"image/jpeg", "image/png", "image/webp"}

type (
	sendPhotoInput struct {
		ID           access.PersonID  `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Wound        clinical.WoundID `query:"wound" maxLength:"64" doc:"the wound that it shows; empty: none yet"`
		Consultation string           `query:"consultation" maxLength:"64" doc:"the call in which it is taken; empty: none"`
		TakenAt      int64            `query:"takenAt" required:"true" doc:"ms since 1970, UTC"`
		AskedBy      string           `query:"askedBy" maxLength:"64" doc:"participant who asked for it; empty: nobody"`
		Key          string           `query:"key" required:"true" minLength:"1" maxLength:"128" doc:"the sender's own name for it: sent again, it is kept once"`
		Source       string           `query:"source" required:"true" enum:"still,file" doc:"taken with the call's camera, or a file"`

		content io.Reader
	}
	photoInput struct {
		ID    access.PersonID  `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Photo clinical.PhotoID `path:"photo" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
	}
	changePhotoInput struct {
		ID    access.PersonID  `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Photo clinical.PhotoID `path:"photo" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body  ChangePhoto
	}
	newDrawingInput struct {
		ID    access.PersonID  `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Photo clinical.PhotoID `path:"photo" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body  NewDrawing
	}
	drawingInput struct {
		ID      access.PersonID    `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Photo   clinical.PhotoID   `path:"photo" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Drawing clinical.DrawingID `path:"drawing" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
	}
)

// Resolve takes the content as it comes: huma would read it whole first. Large files over slow
// networks get more time than what else is asked for.
func (in *sendPhotoInput) Resolve(ctx huma.Context) []error {
	in.content = ctx.BodyReader()
	_, w := unwrap(ctx)
	until, connection := time.Now().Add(photoTime), http.NewResponseController(w)
	_ = connection.SetReadDeadline(until) // not every writer of a test has one
	_ = connection.SetWriteDeadline(until.Add(defaultTime))
	return nil
}

// registerPhotos adds photos of wounds and what is drawn on them.
func (h *Handler) registerPhotos(api huma.API) {
	register(h, api, operation{
		ID: "sendPhoto", Method: http.MethodPost, Path: "/patients/{id}/photos", Needs: signedIn, Action: access.PhotoSend, Status: http.StatusCreated,
		Types: pictureTypes, Body: photoBytes, Time: photoTime,
		Summary: "A photo as it comes from the camera; where it was taken, and all else that it tells beside its pixels, is left out",
	}, func(ctx context.Context, c caller, in *sendPhotoInput) (*versioned[protocol.Photo], error) {
		content := &io.LimitedReader{R: in.content, N: photoBytes + 1}
		p, err := h.cfg.Clinical.SendPhoto(ctx, c.Actor, in.ID, clinical.NewPhoto{
			Key: in.Key, Wound: in.Wound, Consultation: in.Consultation, AskedBy: in.AskedBy, Taken: moment(in.TakenAt), Source: clinical.PhotoSource(in.Source),
		}, content)
		// Whoever still sends reads no answer: a browser is told of a lost connection instead.
		_, _ = io.Copy(io.Discard, content)
		return atVersion(p.Version, Photo(p)), err
	})
	register(h, api, operation{
		ID: "changePhoto", Method: http.MethodPut, Path: "/patients/{id}/photos/{photo}", Needs: signedIn, Action: access.WoundWrite, IfMatch: true,
		Summary: "Say which wound a photo shows, what its scale is, or that it is wrong; what it was stays beside",
	}, func(ctx context.Context, c caller, in *changePhotoInput) (*versioned[protocol.Photo], error) {
		change := clinical.PhotoChange{Wound: clinical.WoundID(in.Body.Wound), Wrong: in.Body.Status == string(clinical.Wrong), Reason: in.Body.Reason}
		if s := in.Body.Scale; s != nil {
			change.Scale = &clinical.Scale{X1: (*s)[0], Y1: (*s)[1], X2: (*s)[2], Y2: (*s)[3], Cm: (*s)[4]}
		}
		p, err := h.cfg.Clinical.ChangePhoto(ctx, c.Actor, in.ID, in.Photo, c.IfMatch, change)
		return atVersion(p.Version, Photo(p)), err
	})
	register(h, api, operation{
		ID: "addDrawing", Method: http.MethodPost, Path: "/patients/{id}/photos/{photo}/drawings", Needs: signedIn, Action: access.WoundWrite, Status: http.StatusCreated,
		Summary: "Draw on a photo, over the picture; a key that is known is kept once",
	}, func(ctx context.Context, c caller, in *newDrawingInput) (*versioned[protocol.Photo], error) {
		p, err := h.cfg.Clinical.Draw(ctx, c.Actor, in.ID, in.Photo, clinical.NewDrawing{
			Key: in.Body.Key, Shape: clinical.Shape(in.Body.Shape), Colour: in.Body.Colour, Points: in.Body.Points, Note: in.Body.Note,
		})
		return atVersion(p.Version, Photo(p)), err
	})
	register(h, api, operation{
		ID: "removeDrawing", Method: http.MethodDelete, Path: "/patients/{id}/photos/{photo}/drawings/{drawing}", Needs: signedIn, Action: access.WoundWrite, Status: http.StatusOK,
		Summary: "Take a drawing off a photo",
	}, func(ctx context.Context, c caller, in *drawingInput) (*versioned[protocol.Photo], error) {
		p, err := h.cfg.Clinical.Undraw(ctx, c.Actor, in.ID, in.Photo, in.Drawing)
		return atVersion(p.Version, Photo(p)), err
	})
	register(h, api, operation{
		ID: "readPhoto", Method: http.MethodGet, Path: "/patients/{id}/photos/{photo}/image", Needs: signedIn, Action: access.WoundRead, Time: photoTime,
		Summary: "The picture of a photo, at its full size",
	}, func(ctx context.Context, c caller, in *photoInput) (*huma.StreamResponse, error) {
		return h.picture(ctx, c, in, false)
	})
	register(h, api, operation{
		ID: "readThumbnail", Method: http.MethodGet, Path: "/patients/{id}/photos/{photo}/thumbnail", Needs: signedIn, Action: access.WoundRead,
		Summary: "The picture of a photo as JPEG, its longer side at most 512 pixels",
	}, func(ctx context.Context, c caller, in *photoInput) (*huma.StreamResponse, error) {
		return h.picture(ctx, c, in, true)
	})
}

// picture answers with a photo's picture. It opens nothing and leads nowhere, whatever is in it and
// whoever opens it by itself.
func (h *Handler) picture(ctx context.Context, c caller, in *photoInput, small bool) (*huma.StreamResponse, error) {
	p, err := h.cfg.Clinical.Picture(ctx, c.Actor, in.ID, in.Photo, small)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		ctx, cancel := context.WithTimeout(hctx.Context(), photoTime)
		defer cancel()
		_, w := unwrap(hctx)
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(photoTime)) // not every writer of a test has one
		hctx.SetHeader("Content-Type", string(p.Type))
		hctx.SetHeader("Content-Security-Policy", "sandbox; default-src 'none'") // CSP Level 3 §6.4.2
		hctx.SetHeader("Content-Disposition", "inline")
		if p.Bytes > 0 {
			hctx.SetHeader("Content-Length", strconv.FormatInt(p.Bytes, 10))
		}
		hctx.SetStatus(http.StatusOK)
		if err := p.Write(ctx, hctx.BodyWriter()); err != nil {
			// Half of a picture must not be taken for one: the connection breaks.
			h.cfg.Log.Debug("a picture was not sent whole", "photo", in.Photo, "error", err)
			panic(http.ErrAbortHandler)
		}
	}}, nil
}

// Photo is a photo as a reader is shown it, in the API and in the call.
func Photo(p clinical.Photo) protocol.Photo {
	out := protocol.Photo{
		ID: string(p.ID), Version: p.Version, Wound: string(p.Wound), Status: string(p.Status), Width: p.Width, Height: p.Height, Bytes: p.Bytes,
		TakenAt: ms(p.Taken), ReceivedAt: ms(p.Received), By: p.By.Name, Role: roleOrNone(p.By.Role), AskedBy: p.AskedBy, Consultation: p.Consultation,
		PixelsPerCm: p.PixelsPerCm(), Corrected: corrected(p.Correction),
		Drawings: each(p.Drawings, func(d clinical.Drawing) protocol.Drawing {
			return protocol.Drawing{
				ID: string(d.ID), Shape: string(d.Shape), Colour: d.Colour, Points: d.Points, By: d.By.Name, Role: roleOrNone(d.By.Role), At: ms(d.At), Note: d.Note,
			}
		}),
	}
	if s := p.Scale; s != nil {
		out.Scale = &[]float64{s.X1, s.Y1, s.X2, s.Y2, s.Cm}
	}
	if size, ok := p.Size(); ok {
		out.Area, out.Longest, out.Widest = &size.Area, &size.Longest, &size.Widest
	}
	return out
}
