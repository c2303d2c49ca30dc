#!/usr/bin/env bash
# make test: everything, in the order in which a mistake is cheapest to find. Each step has
# a heading; at the end stand the runners' own summary lines. Stops at the first failure.
set -euo pipefail
cd "$(dirname "$0")/.."
summary=$(mktemp) log=$(mktemp)
trap 'rm -f "$summary" "$log"' EXIT

# step TITLE PATTERN COMMAND… runs a command under a heading. Lines of its output that match
# PATTERN are shown again at the end; none, where a pattern is given, is a failure: a runner
# that found nothing to run proves nothing.
step() {
	local title=$1 pattern=$2 began=$SECONDS
	shift 2
	printf '\n== %s\n' "$title"
	if ! "$@" 2>&1 | tee "$log"; then
		printf '\n== FAILED: %s (make test)\n' "$title"
		exit 1
	fi
	if [ -n "$pattern" ]; then
		# Colours are for people, and in the way of patterns.
		sed 's/\x1b\[[0-9;]*m//g' "$log" | grep -E "$pattern" | sed "s/^ */$title: /" >>"$summary" ||
			{ printf '\n== FAILED: %s ran nothing\n' "$title"; exit 1; }
	else
		printf '%s: ok\n' "$title" >>"$summary"
	fi
	printf -- '-- %d s\n' $((SECONDS - began))
}

# packages lists the folders of Go tests in which a word stands.
packages() {
	grep -rlE --include='*_test.go' --exclude-dir=node_modules "$1" . | xargs -n1 dirname | sort -u
}

# Allocation tests mean nothing under the race detector, which allocates itself.
allocations() {
	go tool gotestsum --format testname -- -count=1 -run '(?i)alloc' $(packages 'AllocsPerRun|Mallocs')
}

# Every fuzz test for a share of FUZZ_SECONDS, on top of its seeds. One binary for each
# package: linking costs more than the fuzzing.
fuzz() {
	local dir package name each targets=()
	# At the end of its time the fuzzer sometimes calls its own deadline a failure, without an
	# input: on a busy machine a worker was still at it. A finding always writes its input.
	only_late() { grep -q 'context deadline exceeded' "$dir/out" && ! grep -q 'Failing input written' "$dir/out"; }
	dir=$(mktemp -d)
	for package in $(packages '^func Fuzz'); do
		go test -c -fuzz=. -o "$dir/${package//\//_}" "$package" || return 1
		for name in $("$dir/${package//\//_}" -test.list '^Fuzz'); do targets+=("$package $name"); done
	done
	[ ${#targets[@]} -gt 0 ] || return 1
	each=$(( ${FUZZ_SECONDS:-33} / ${#targets[@]} ))
	[ "$each" -ge 1 ] || each=1
	for name in "${targets[@]}"; do
		read -r package name <<<"$name"
		printf '%s %s: ' "$package" "$name"
		# It runs in its package, where its seeds are, and leaves a finding there.
		(cd "$package" && "$dir/${package//\//_}" -test.run '^$' -test.fuzz "^$name\$" -test.fuzztime "${each}s" \
			-test.fuzzcachedir "$dir/found-$name") >"$dir/out" 2>&1 || only_late || { cat "$dir/out"; return 1; }
		grep -o 'execs: [0-9]*' "$dir/out" | tail -n 1
	done
	rm -rf "$dir"
	echo "fuzzed ${#targets[@]} decoders, $each s each, no finding"
}

if [ -n "${FUZZ_ONLY:-}" ]; then
	fuzz
	exit
fi

step "what the tests need" "" .ci/install
step "web packages" "" make --no-print-directory packages
step "generated types are fresh" "" go test -count=1 ./cmd/gents
step "lint" "" make --no-print-directory lint
step "web unit tests" '^ *(Test Files|Tests) ' npm --prefix web test
step "web build" "" make --no-print-directory web
step "go tests, race detector on" '^DONE' go tool gotestsum --format pkgname -- -race -timeout 30m ./...
step "allocation tests, race detector off" '^DONE [1-9]' allocations
step "fuzz" '^fuzzed' fuzz
step "program" "" make --no-print-directory build
step "browser tests" '^(ℹ|#) (tests|pass|fail) ' env NODE_OPTIONS=--test-reporter=spec npm --prefix web run e2e
step "deploy" '^deploy checks passed' make --no-print-directory deploy-check

printf '\n== all of it passed, in %d s\n' "$SECONDS"
cat "$summary"
