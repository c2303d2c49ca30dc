package notify

import (
	"fmt"
	"time"
)

func english() language {
	return language{
		phrases: map[Kind]phrase{
			KindLink:  {"Video call with {from}", "{from} invites you to a video call {when}. Open the link when it is time: {link}"},
			KindEnrol: {"Choose a password for the video service of {from}", "You have been added to the video service of {from}. Open the link within a day and choose a password: {link}"},
			KindCode:  {"Code from {from}", "{from}: your code is {code}. It works for ten minutes. Give it to nobody."},

			KindProposal:        {"Does a video call {when} suit you?", "{from} proposes a video call {when}. Open the link and say whether it suits you: {link}"},
			kindProposalSeveral: {"Choose a time for your video call with {from}", "{from} proposes {times} times for a video call. Open the link and choose the one that suits you: {link}"},
			KindBooked:          {"Video call with {from} {when}", "Your video call with {from} is {when}. Open the link when it is time: {link}"},
			KindMoved:           {"New time for your video call: {when}", "Your video call with {from} was moved from {was} to {when}. Open the link when it is time: {link}"},
			KindCancelled:       {"Your video call {when} is cancelled", "Your video call with {from} {when} is cancelled."},
			KindReminderDay:     {"Remember your video call {when}", "Remember your video call with {from} {when}. You may want to try camera and sound beforehand: {link}"},
			KindReminderHour:    {"Your video call starts {clock}", "Your video call with {from} starts {clock}. Open the link when it is time: {link}"},
			KindLate:            {"{from} is late", "{from} is {minutes} late for your video call {clock}. Feel free to stay on the page: you keep your place."},
			kindInTime:          {"{from} will be on time", "{from} will be on time for your video call {clock} after all."},

			KindStaffProposal:  {"Answer about a video consultation", "{from} proposes a time for a video consultation. Sign in and answer: {link}"},
			KindStaffBooked:    {"Video consultation {when}", "You have a video consultation {when}, booked by {from}. Sign in: {link}"},
			KindStaffMoved:     {"New time for a video consultation: {when}", "The video consultation {was} was moved to {when}. Sign in: {link}"},
			KindStaffCancelled: {"The video consultation {when} is cancelled", "The video consultation {when} is cancelled by {from}."},
			KindStaffReminder:  {"The video consultation starts {clock}", "The video consultation starts {clock}. Sign in: {link}"},
			KindDeputyAsked:    {"Can you step in {when}?", "{from} asks whether you can step in at a video consultation {when}. Sign in and answer: {link}"},
			KindDeputyIn:       {"You step in {when}", "You step in at a video consultation {when}. Sign in: {link}"},

			KindSuggested:   {"{by} suggests another time", "{by} suggests another time for a video consultation. Sign in and choose: {link}"},
			KindDeclined:    {"{by} declines", "{by} can make none of the times for a video consultation. Sign in and find another: {link}"},
			KindLapsed:      {"Answers are missing", "Not everyone has answered in time about a video consultation. Sign in and see what is missing: {link}"},
			KindAgreed:      {"Video consultation {when} is booked", "Everyone who is needed has said yes to the video consultation {when}. Sign in and see: {link}"},
			KindUndelivered: {"A message did not arrive", "A message about a video consultation did not arrive. Sign in and see whom to call: {link}"},

			KindWork: {"Something urgent in the work list", "Something urgent waits in the work list of {from}. Sign in now: {link}"},
		},
		call:    "Questions? Call {phone}.",
		with:    "Also there: {with}.",
		save:    "The appointment is attached, so that you can put it into your calendar. Answers from the calendar do not reach us.",
		patient: "The patient or a relative",
		minutes: func(n int) string {
			switch {
			case n <= 0:
				return "a little"
			case n == 1:
				return "one minute"
			default:
				return fmt.Sprintf("%d minutes", n)
			}
		},
		when:  func(t time.Time) string { return t.Format("Monday 2 January at 15:04") },
		clock: func(t time.Time) string { return t.Format("at 15:04") },
	}
}
