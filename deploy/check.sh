#!/usr/bin/env bash
# Checks that what deploy/ says works: the unit is one that systemd takes without a word
# and finds hardened, the configuration is one that the program takes, and the image builds
# from scratch and runs. Needs root for the image. Takes the static binary as its argument.
set -euo pipefail
binary=$(realpath "${1:?usage: check.sh BINARY}")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
mounted="" container=""
cleanup() {
	[ -z "$container" ] || buildah --storage-driver vfs --root "$work/store" --runroot "$work/run" rm "$container" >/dev/null 2>&1 || true
	rm -rf "$work"
}
trap cleanup EXIT
fail() { echo "deploy: $*" >&2; exit 1; }

echo "-- static binary"
if ldd "$binary" >/dev/null 2>&1; then fail "$binary is not static"; fi

echo "-- systemd unit"
# systemd-analyze looks for the program where the unit says it is.
sed "s#/usr/local/bin/samkonsult#$binary#" "$here/samkonsult.service" >"$work/samkonsult.service"
said=$(systemd-analyze verify "$work/samkonsult.service" 2>&1) || fail "systemd-analyze verify: $said"
[ -z "$said" ] || fail "systemd-analyze verify: $said" # an unknown key is only said, and counts as good
# 0 is closed, 100 is wide open.
systemd-analyze security --offline=true --threshold=20 "$work/samkonsult.service" >"$work/security" ||
	{ cat "$work/security"; fail "the unit is less hardened than 2.0"; }
tail -n 1 "$work/security"

echo "-- configuration"
# Everything in it is taken but the certificate, which is not here.
said=$("$binary" serve --config "$here/samkonsult.conf" --addr 127.0.0.1:0 --udp 127.0.0.1:0 --admin "" --data "$work" 2>&1 </dev/null) &&
	fail "started without its certificate"
case "$said" in
*"--tls-cert: stat /etc/samkonsult/tls/fullchain.pem"*) ;;
*) fail "configuration: $said" ;;
esac

echo "-- image"
buildah=(buildah --storage-driver vfs --root "$work/store" --runroot "$work/run")
mkdir -p "$work/context/data"
cp "$binary" "$work/context/samkonsult"
"${buildah[@]}" bud --isolation chroot --quiet --tag samkonsult -f "$here/Containerfile" "$work/context" >/dev/null
container=$("${buildah[@]}" from samkonsult)
mounted=$("${buildah[@]}" mount "$container")
user=$("${buildah[@]}" inspect --format '{{.OCIv1.Config.User}}' "$container")
[ "$user" = 65532:65532 ] || fail "the image runs as $user"
[ "$(stat -c %u "$mounted/data")" = 65532 ] || fail "/data is not the program's own"
[ "$(find "$mounted" -mindepth 1 -not -name samkonsult -not -name data | wc -l)" = 0 ] || fail "more than the program is in the image: $(ls "$mounted")"
# Runs it as the image would: that root, that user, nothing else. It must listen and answer.
chroot --userspec=65532:65532 "$mounted" /samkonsult serve --demo --addr 127.0.0.1:0 --admin 127.0.0.1:0 \
	--tls self-signed --data /data --log-format json >"$work/out" 2>"$work/err" </dev/null &
pid=$!
stop() { kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; }
trap 'stop; cleanup' EXIT
admin=""
for _ in $(seq 100); do
	admin=$(sed -n 's/.*"admin":"\(http[^"]*\)".*/\1/p' "$work/err")
	[ -n "$admin" ] && break
	kill -0 "$pid" 2>/dev/null || fail "the image's program ended: $(cat "$work/err")"
	sleep 0.1
done
[ -n "$admin" ] || fail "the image's program says nothing: $(cat "$work/err")"
[ "$(curl -fsS "$admin/readyz")" = ready ] || fail "not ready"
page=$(sed -n 's/.*"url":"\(http[^"]*\)".*/\1/p' "$work/err")
curl -fsSk -o /dev/null "$page/" || fail "no page"
kill "$pid"
wait "$pid" || fail "did not end well: $(cat "$work/err")"
[ -s "$mounted/data/tls/self-signed.key" ] || fail "the certificate is not kept under /data"
echo "deploy checks passed"
