// Package store keeps everything that must last, in SQLite or in PostgreSQL, and implements
// the Store interfaces that the domain's packages declare: a type for each domain, which a
// DB returns. It is apart from them so that none of them knows SQL, and so that a change,
// its audit entries and its messages are one transaction.
//
// Transactions: change, read and auditedRead in tx.go; nothing else begins one. What is
// acknowledged is on disk: Open reads back that both databases sync each commit.
//
// Secrets: a tx seals with the key of a subject, a person or a consultation, and binds what
// is sealed to its table, column and row (keys_seal.go). Keys live in another database,
// wrapped by the keyring, which is in neither (keys.go). Erase deletes a key, and with it
// the subject in every backup (keys_erase.go); Rotate wraps all keys anew (keys_rotate.go).
// People are found by keyed hash (keys_lookup.go).
//
// SQL is shared: $1 for placeholders, ids as TEXT, times as BIGINT in ms since 1970 (UTC),
// bytes as BYTEA, truth as BOOLEAN; where the databases differ is in dialect_*.go alone.
// A migration is NUMBER_words.sql in those types, each CREATE TABLE ending in ");" on a
// line of its own, with NUMBER_words.sqlite.sql and .postgres.sql beside it for what one
// database alone needs. One that has been released never changes: Open compares checksums.
// Rows are named by random ids, never by counters (Backup carries no sequences), and a
// foreign key within one table is DEFERRABLE INITIALLY DEFERRED, so that Restore may write
// its rows in any order.
//
// What each column is: plain, or sealed with a subject's key, or hashed with a key. A test
// compares this list with the schema.
//
//	lookups            plain: kind owner generation; hashed: hash; sealed: value
//	erasures           plain: subject asked_at done_at
//	outbox             plain: id recipient created_at due_at tries failed_at kind about seat channel until_at state reason; sealed: message
//	blobs              plain: id subject bytes created_at kept
//	blob_chunks        plain: blob number; sealed: content
//	call_epochs        plain: consultation epoch
//	call_entries       plain: consultation number; sealed: entry
//	audit_entries      plain: id at person role organisation session consultation action outcome relations patient object; sealed: reason
//	audit_unsealed     plain: entry
//	audit_seals        plain: seq entry hash chain
//	audit_heads        plain: number seq chain at key next signature
//	organisations      plain: id version kind name number phone host active; sealed: contacts
//	units              plain: id organisation version name phone active contact deputy
//	communities        plain: id version name
//	community_members  plain: community position organisation
//	agreements         plain: id version a b from_day until_day terms
//	revisions          plain: name revision
//	patient_plans      plain: patient version state revision; sealed: content
//	people             plain: id version kind erased_at; sealed: details
//	assignments        plain: id person position organisation unit role from_day until_day; sealed: words
//	interpreters       plain: person organisation speaks active
//	care               plain: patient organisation position
//	relatives          plain: person patient position former; sealed: words
//	consents           plain: patient position organisation relative from_day until_day
//	emergencies        plain: id patient person organisation opened_at until_at
//	appointments       plain: id version organisation starts ends state identification answer_by series sequence made_at made_by; sealed: plan
//	appointment_participants plain: appointment id position person role organisation required attends travel_before travel_after answer answered_at answered_by may_deputise deputy_for; sealed: words
//	appointment_options plain: appointment id position starts ends suggested_by
//	option_replies     plain: appointment option_id participant position answer answered_at answered_by
//	appointment_equipment plain: appointment equipment position
//	appointment_times  plain: organisation starts appointment
//	busy               plain: subject starts ends kind firm appointment option_id
//	hours              plain: subject organisation version rules
//	absences           plain: id subject organisation starts ends cover; sealed: words
//	equipment          plain: id version organisation unit kind name active
//	calendar_feeds     plain: id person added_at due_at read_at known_until tries fault fault_since; sealed: address words
//	elsewhere          plain: subject feed starts ends
//	calendar_addresses plain: person made_at; hashed: hash
//	observations       plain: id patient version status measured_at received_at performer; hashed: kind source; sealed: details
//	observation_versions plain: id version status measured_at; sealed: details
//	observation_leaves plain: patient starts first count; hashed: kind; sealed: points
//	patient_limits     plain: patient version; sealed: details
//	patient_sharing    plain: patient version; sealed: details
//	readiness          plain: appointment participant state at minutes test opened_at
//	accounts           plain: person version step pending_link wrong locks last_wrong_at locked_until credentials enrolled_at ended_at; sealed: password totp pending_totp
//	sign_in_tries      plain: version wrong locks last_wrong_at locked_until; hashed: name
//	links              plain: id kind person role organisation assignment consultation participant code owner made_at expires_at revoked_at generation; hashed: hash
//	link_codes         plain: link version person expires_at wrong locks last_wrong_at locked_until channel sent_at since_at sendings; hashed: hash; sealed: hint
//	sessions           plain: id person role organisation assignment until_day link consultation participant stage method handle started_at seen_at ends_at ended_at; sealed: device
//	revocations        plain: subject turn revoked_at until_at
//	revocation_turns   plain: id turn
//	tickets            plain: id session consultation participant person role organisation method expires_at; hashed: hash
//	machines           plain: id version name organisation keys scopes active last_used_at
//	machine_assertions plain: expires_at; hashed: hash
//	requests           plain: claim carried_out claimed_at; hashed: name content; sealed: answer
//	forms              plain: id patient version status made_at changed_at due_at scored; sealed: details
//	form_versions      plain: id version status changed_at; sealed: details
//	asked_values       plain: id patient version made_at; sealed: details
//	work               plain: id kind organisation patient made_at contact deputy tell_at acknowledged_at; sealed: why acknowledged
//	wound_records      plain: id patient kind version status made_at; hashed: source; sealed: details
//	wound_versions     plain: id version status; sealed: details
//	photo_drawings     plain: id photo patient made_at removed_at; hashed: source; sealed: details
//	schema_migrations  plain: version name checksum applied_at
package store
