package identity

import "errors"

// known lets what is not there through as the zero thing, to which nobody has a relation, so
// that the one who asks is refused before they learn that it is not there.
func known[T any](v T, err error) (T, error) {
	if errors.Is(err, ErrNotFound) {
		var none T
		return none, nil
	}
	return v, err
}

// existing tells one who has the right to know that a thing known by its id is not there.
func existing[T any](v T, id string) (T, error) {
	if id == "" {
		return v, ErrNotFound
	}
	return v, nil
}
