#!/usr/bin/env bash
# Installs what the tests need and is missing, builds, runs every test. The last line counts them.
#
#   ./test.sh             everything
#   ./test.sh Contract    only tests whose full name contains a text
#
# Needs the .NET SDK and Node.js. The rest is Debian's (as root, or with sudo): Chromium, etcd, LVM, PostgreSQL, Prometheus, and, once, what builds a Kubernetes
# control plane into ~/.cache (see deploy/testbed/build-kubernetes.sh).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. deploy/testbed/packages.sh
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en PORTAL_TEST_RUN=$$
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Runs one phase; its output is shown only when it fails. (Inside "if" the shell's -e is off: phases chain with &&.)
phase() {
  local name=$1 began=$SECONDS; shift
  printf '%-12s ' "$name"
  if ! "$@" > "$work/phase.log" 2>&1 < /dev/null; then
    echo failed
    cat "$work/phase.log" >&2
    exit 1
  fi
  printf '%4d s\n' $((SECONDS - began))
}

control_plane_programs() {
  need_packages ca-certificates curl openssl && deploy/testbed/build-kubernetes.sh
}

browser_and_packages() {
  local packages=(fonts-noto-cjk lvm2 fdisk e2fsprogs)
  [ -x "${CHROMIUM:-/usr/bin/chromium}" ] || packages+=(chromium)
  command -v kubectl > /dev/null || packages+=(kubernetes-client)
  # The tests start servers of their own; the one that Debian's package may start is left alone.
  compgen -G '/usr/lib/postgresql/*/bin/postgres' > /dev/null || packages+=(postgresql)
  # promtool is in it.
  command -v promtool > /dev/null || packages+=(prometheus)
  need_packages "${packages[@]}"
}

# With a lock file npm ci is exact; it is repeated only when the lock file changed.
node_packages() {
  cmp -s package-lock.json node_modules/.installed-from && return
  npm ci --no-audit --no-fund --loglevel=error && cp package-lock.json node_modules/.installed-from
}

run_tests() {
  local filter=()
  [ -z "${1:-}" ] || filter=(--filter "FullyQualifiedName~$1")
  dotnet test Portal.sln --no-build --nologo --results-directory "$work" --logger trx --logger "console;verbosity=minimal" \
    "${filter[@]}" < /dev/null
}

# Adds up a counter of all result files: passed, failed, notExecuted...
count() { { grep -ho "<Counters [^>]*" "$work"/*.trx || true; } | { grep -oE " $1=\"[0-9]+" || true; } | awk -F'"' '{sum += $2} END {print sum + 0}'; }

phase packages browser_and_packages
phase kubernetes control_plane_programs
phase npm node_packages
phase restore dotnet restore Portal.sln
phase build dotnet build Portal.sln --no-restore -v quiet -clp:ErrorsOnly

began=$SECONDS
code=0
run_tests "$@" || code=$?
printf '%-12s %4d s\n' tests $((SECONDS - began)) together $SECONDS

passed=$(count passed)
total=$(count total)
failed=$(($(count failed) + $(count error) + $(count timeout) + $(count aborted)))
skipped=$((total - passed - failed))
if [ "$skipped" -gt 0 ]; then
  echo "Skipped on a machine that has all they need:" >&2
  grep -ho '<UnitTestResult [^>]*outcome="NotExecuted"[^>]*' "$work"/*.trx | sed -E 's/.*testName="([^"]*)".*/  \1/' >&2
  code=1
fi
if [ "$total" = 0 ]; then
  echo "No test ran." >&2
  code=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
exit "$code"
