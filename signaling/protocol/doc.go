// Package protocol holds the messages between page and server, as types.
//
// Each message is one JSON object on a websocket at /api/v1/call, with its name in "type"
// beside its fields: {"type":"chat","id":"c1","text":"Hei"}.
package protocol
