package httpapi

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

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
		ID           access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Wound        string          `query:"wound" maxLength:"64" doc:"the wound that it shows; empty: none yet"`
		Consultation string          `query:"consultation" maxLength:"64" doc:"the call in which it is taken; empty: none"`
		TakenAt      int64           `query:"takenAt" required:"true" doc:"ms since 1970, UTC"`
		AskedBy      string          `query:"askedBy" maxLength:"64" doc:"participant who asked for it; empty: nobody"`
		Key          string          `query:"key" required:"true" minLength:"1" maxLength:"128" doc:"the sender's own name for it: sent again, it is kept once"`
		Source       string          `query:"source" required:"true" enum:"still,file" doc:"taken with the call's camera, or a file"`

		content io.Reader
	}
	photoInput struct {
		ID    access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Photo string          `path:"photo" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
	}
	changePhotoInput struct {
		ID    access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Photo string          `path:"photo" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body  ChangePhoto
	}
	newDrawingInput struct {
		ID    access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Photo string          `path:"photo" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body  NewDrawing
	}
	drawingInput struct {
		ID      access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Photo   string          `path:"photo" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Drawing string          `path:"drawing" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
	}
)

// Resolve takes the content as it comes: huma would read it whole first.
func (in *sendPhotoInput) Resolve(ctx huma.Context) []error {
	in.content = ctx.BodyReader()
	return nil
}

// registerPhotos adds photos of wounds and what is drawn on them.
func (h *Handler) registerPhotos(api huma.API) {
	register(h, api, operation{
		ID: "sendPhoto", Method: http.MethodPost, Path: "/patients/{id}/photos", Needs: signedIn, Action: access.PhotoSend, Status: http.StatusCreated,
		Types: pictureTypes, Body: photoBytes, Time: photoTime,
		Summary: "A photo as it comes from the camera; where it was taken, and all else that it tells beside its pixels, is left out",
	}, func(ctx context.Context, c caller, in *sendPhotoInput) (*versioned[protocol.Photo], error) {
		return nil, errComing
	})
	register(h, api, operation{
		ID: "changePhoto", Method: http.MethodPut, Path: "/patients/{id}/photos/{photo}", Needs: signedIn, Action: access.WoundWrite, IfMatch: true,
		Summary: "Say which wound a photo shows, what its scale is, or that it is wrong; what it was stays beside",
	}, func(ctx context.Context, c caller, in *changePhotoInput) (*versioned[protocol.Photo], error) {
		return nil, errComing
	})
	register(h, api, operation{
		ID: "addDrawing", Method: http.MethodPost, Path: "/patients/{id}/photos/{photo}/drawings", Needs: signedIn, Action: access.WoundWrite, Status: http.StatusCreated,
		Summary: "Draw on a photo, over the picture; a key that is known is kept once",
	}, func(ctx context.Context, c caller, in *newDrawingInput) (*versioned[protocol.Photo], error) {
		return nil, errComing
	})
	register(h, api, operation{
		ID: "removeDrawing", Method: http.MethodDelete, Path: "/patients/{id}/photos/{photo}/drawings/{drawing}", Needs: signedIn, Action: access.WoundWrite, Status: http.StatusOK,
		Summary: "Take a drawing off a photo",
	}, func(ctx context.Context, c caller, in *drawingInput) (*versioned[protocol.Photo], error) {
		return nil, errComing
	})
	register(h, api, operation{
		ID: "readPhoto", Method: http.MethodGet, Path: "/patients/{id}/photos/{photo}/image", Needs: signedIn, Action: access.WoundRead, Time: photoTime,
		Summary: "The picture of a photo, at its full size",
	}, func(ctx context.Context, c caller, in *photoInput) (*huma.StreamResponse, error) {
		return nil, errComing
	})
	register(h, api, operation{
		ID: "readThumbnail", Method: http.MethodGet, Path: "/patients/{id}/photos/{photo}/thumbnail", Needs: signedIn, Action: access.WoundRead,
		Summary: "The picture of a photo as JPEG, its longer side at most 512 pixels",
	}, func(ctx context.Context, c caller, in *photoInput) (*huma.StreamResponse, error) {
		return nil, errComing
	})
}
