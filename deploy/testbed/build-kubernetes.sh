#!/usr/bin/env bash
# Makes sure that the programs of a Kubernetes control plane are on this machine and prints where, one NAME=PATH a line:
# etcd, kube-apiserver, kube-controller-manager, kube-scheduler.
#
#   build-kubernetes.sh            find them, build what is missing
#   build-kubernetes.sh --find     find them, fail when one is missing
#
# KUBEBUILDER_ASSETS, when set, names a folder with etcd and kube-apiserver, and perhaps the other two. What it does not hold is built
# from Debian's source package into ${XDG_CACHE_HOME:-~/.cache}/portal-testbed: once, 5 to 7 minutes and 2 GB (freed afterwards) on 2 cores.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
version=1.20.2
programs=(kube-apiserver kube-controller-manager kube-scheduler)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/portal-testbed/k8s-${version%.*}
assets=${KUBEBUILDER_ASSETS:-}

say() { echo "$*" >&2; }
version_of() { "$1" --version 2>/dev/null | sed -nE 's/^Kubernetes v([0-9.]+).*/\1/p'; }

is_built() {
  local program
  for program in "${programs[@]}"; do [ -x "$cache/bin/$program" ] || return 1; done
  [ "$(version_of "$cache/bin/kube-apiserver")" = "$version" ]
}

# Source packages need deb-src lines. They are put beside the machine's own configuration, which stays as it is.
apt_sources() {
  local root=$1 file
  mkdir -p "$root/parts" "$root/lists/partial" "$root/archives/partial"
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -f "$file" ] && sed 's/^Types:.*/Types: deb deb-src/' "$file" > "$root/parts/$(basename "$file")"
  done
  : > "$root/sources.list"
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -f "$file" ] && sed -nE 's/^deb(-src)? (.*)/deb \2\ndeb-src \2/p' "$file" | sort -u >> "$root/sources.list"
  done
  cat > "$root/apt.conf" <<CONF
Dir::Etc::SourceList "$root/sources.list";
Dir::Etc::SourceParts "$root/parts";
Dir::State::Lists "$root/lists";
Dir::Cache::archives "$root/archives";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
APT::Sandbox::User "";
Acquire::Languages "none";
CONF
  APT_CONFIG=$root/apt.conf apt-get update -qq
}

unpack_source() {
  local work=$1
  apt_sources "$work/apt"
  cd "$work"
  APT_CONFIG=$work/apt/apt.conf apt-get source -qq --download-only kubernetes
  [ -n "$(find . -maxdepth 1 -name "kubernetes_*$version-*.dsc")" ] || { echo "$(ls kubernetes_*.dsc) is not $version"; return 1; }
  dpkg-source --no-check -x kubernetes_*.dsc source
  # The vendored reflect2 1.0.1 corrupts map iteration when built with Go 1.18 or later: kube-apiserver dies on the first
  # custom resource that is written. Debian has 1.0.2 as a package of its own.
  local reflect2=$work/source/vendor/github.com/modern-go/reflect2
  APT_CONFIG=$work/apt/apt.conf apt-get download -qq golang-github-modern-go-reflect2-dev
  dpkg -x golang-github-modern-go-reflect2-dev_*.deb reflect2
  rm -f "$reflect2"/*.go "$reflect2"/*.s
  cp reflect2/usr/share/gocode/src/github.com/modern-go/reflect2/*.{go,s} "$reflect2"/
  rm -f "$reflect2"/*_test.go
}

# Of all that upstream's make generates, only the OpenAPI definitions are not in the source package.
generate_openapi() {
  local work=$1 packages
  go build -o "$work/openapi-gen" k8s.io/kubernetes/vendor/k8s.io/kube-openapi/cmd/openapi-gen
  packages=$(grep -Rl --include='*.go' '+k8s:openapi-gen=' pkg cmd plugin vendor/k8s.io \
    | grep -vE '^vendor/k8s.io/(code-generator|sample-apiserver)/|_test.go$|/testdata/' \
    | xargs -n1 dirname | LC_ALL=C sort -u | sed 's#^#k8s.io/kubernetes/#' | paste -sd,)
  "$work/openapi-gen" --logtostderr -i "$packages" -p k8s.io/kubernetes/pkg/generated/openapi -O zz_generated.openapi \
    -h vendor/k8s.io/code-generator/hack/boilerplate.go.txt -r "$work/openapi.report"
}

compile() {
  local work=$1 program package flags="-s -w"
  export PATH=/usr/lib/go-1.19/bin:$PATH GOPATH=$work/go GOCACHE=$work/gocache GO111MODULE=off GOFLAGS="" CGO_ENABLED=0
  mkdir -p "$GOPATH/src/k8s.io" "$work/bin"
  ln -s "$work/source" "$GOPATH/src/k8s.io/kubernetes"
  cd "$GOPATH/src/k8s.io/kubernetes"
  generate_openapi "$work"
  for package in component-base/version client-go/pkg/version; do
    package=k8s.io/kubernetes/vendor/k8s.io/$package
    flags+=" -X $package.gitVersion=v$version -X $package.gitMajor=1 -X $package.gitMinor=20"
    flags+=" -X $package.gitTreeState=archive -X $package.buildDate=1970-01-01T00:00:00Z"
  done
  for program in "${programs[@]}"; do
    go build -ldflags "$flags" -o "$work/bin/$program" "k8s.io/kubernetes/cmd/$program"
  done
}

build() {
  mkdir -p "$cache/bin"
  exec 9> "$cache/.lock"
  flock 9
  is_built && return
  command -v apt-get >/dev/null \
    || { say "Kubernetes $version is built from Debian's source package, and this is no Debian: set KUBEBUILDER_ASSETS."; return 1; }
  say "building Kubernetes $version from Debian's source package, once, into $cache"
  . "$here/packages.sh"
  need_packages ca-certificates dpkg-dev golang-1.19-go xz-utils
  local work=$cache/build
  rm -rf "$work"
  mkdir -p "$work"
  local code
  set +e # and not "if !", which would switch -e off inside
  ( set -e; unpack_source "$work"; compile "$work" ) > "$cache/build.log" 2>&1 9>&-
  code=$?
  set -e
  if [ $code != 0 ]; then
    tail -n 30 "$cache/build.log" >&2
    say "the build failed; its whole log is $cache/build.log, its folder $work"
    return 1
  fi
  mv "$work"/bin/* "$cache/bin/"
  rm -rf "$work" "$cache/build.log"
}

# KUBEBUILDER_ASSETS usually holds no controllers; the built ones serve an API server of their own minor version.
check_skew() {
  local served
  served=$(version_of "$assets/kube-apiserver")
  [ "${served%.*}" = "${version%.*}" ] || { say "KUBEBUILDER_ASSETS=$assets holds kube-apiserver $served but no kube-controller-manager and \
kube-scheduler, and those that can be built are $version: put the ones of $served beside it."; return 1; }
}

find_programs() {
  local program path
  if [ -n "$assets" ]; then
    [ -x "$assets/kube-apiserver" ] || { say "KUBEBUILDER_ASSETS=$assets has no kube-apiserver."; return 1; }
    [ -x "$assets/kube-controller-manager" ] && [ -x "$assets/kube-scheduler" ] || check_skew
  fi
  for program in etcd "${programs[@]}"; do
    path=$assets/$program
    [ -n "$assets" ] && [ -x "$path" ] || path=$cache/bin/$program
    [ "$program" != etcd ] || [ -x "$path" ] || path=$(command -v etcd || echo etcd)
    [ -x "$path" ] || return 2
    echo "${program//-/_}=$path"
  done
}

found=$(find_programs) && code=0 || code=$?
if [ "$code" = 2 ] && [ "${1:-}" != --find ]; then
  [ -n "$assets" ] && [ -x "$assets/etcd" ] || command -v etcd >/dev/null || { . "$here/packages.sh"; need_packages etcd-server; }
  is_built || build
  found=$(find_programs) && code=0 || code=$?
fi
[ "$code" = 0 ] || { [ "$code" != 2 ] || say "etcd or the Kubernetes $version programs are missing: run $here/build-kubernetes.sh"; exit 1; }
echo "$found"
