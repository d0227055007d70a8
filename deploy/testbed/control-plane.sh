#!/usr/bin/env bash
# A real Kubernetes control plane on loopback, without containers or kubelets: etcd, kube-apiserver, kube-controller-manager,
# kube-scheduler. Ready in about ten seconds; 600 MB of memory. Several run side by side, each under a name of its own.
#
#   control-plane.sh start  [NAME]   start what is not running; prints the kubeconfig's path
#   control-plane.sh run    [NAME]   start, and wipe everything when standard input ends: its starter cannot leave it behind
#   control-plane.sh status [NAME]
#   control-plane.sh stop   [NAME]   stop; its data stays
#   control-plane.sh wipe   [NAME]   stop and delete its data
#
# Calls from the API server to Services, pods and nodes (webhooks, proxies) go to the socket egress.sock in its folder, as HTTP CONNECT:
# a test may listen there and play them. While nobody listens they fail at once, and nothing leaves the machine.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
name=${2:-default}
root=${TMPDIR:-/tmp}/portal-testbed-$(id -u)
dir=$root/$name

say() { echo "$*" >&2; }

# --- certificates and kubeconfigs ---

key_and_request() { openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$dir/pki/$1.key" -subj "$2" "${@:3}" 2>/dev/null; }

certificate() {
  local file=$1 subject=$2 extensions=$3
  key_and_request "$file" "$subject" | openssl x509 -req -CA "$dir/pki/ca.crt" -CAkey "$dir/pki/ca.key" -CAcreateserial -days 3650 \
    -extfile <(echo "$extensions") -out "$dir/pki/$file.crt" 2>/dev/null
}

kubeconfig() {
  local user=$1
  cat > "$dir/$user.kubeconfig" <<YAML
apiVersion: v1
kind: Config
clusters:
- name: testbed
  cluster: {server: "https://127.0.0.1:$api_port", certificate-authority-data: $(base64 -w0 < "$dir/pki/ca.crt")}
users:
- name: $user
  user: {client-certificate-data: $(base64 -w0 < "$dir/pki/$user.crt"), client-key-data: $(base64 -w0 < "$dir/pki/$user.key")}
contexts:
- name: testbed
  context: {cluster: testbed, user: $user}
current-context: testbed
YAML
}

credentials() {
  [ ! -f "$dir/admin.kubeconfig" ] || return 0
  key_and_request ca /CN=testbed-ca -x509 -days 3650 -addext basicConstraints=critical,CA:TRUE \
    -addext keyUsage=critical,keyCertSign,cRLSign,digitalSignature > "$dir/pki/ca.crt"
  openssl genrsa -out "$dir/pki/service-accounts.key" 2048 2>/dev/null
  local names=DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local
  certificate apiserver /CN=kube-apiserver "extendedKeyUsage=serverAuth
subjectAltName=IP:127.0.0.1,IP:10.96.0.1,$names"
  certificate controllers /CN=system:kube-controller-manager extendedKeyUsage=clientAuth
  certificate scheduler /CN=system:kube-scheduler extendedKeyUsage=clientAuth
  certificate admin /O=system:masters/CN=kubernetes-admin extendedKeyUsage=clientAuth
  kubeconfig controllers
  kubeconfig scheduler
  kubeconfig admin
}

# --- ports and processes ---

# Five ports that nobody listens on and no other control plane has taken, below the range that connections get theirs from.
choose_ports() {
  if [ ! -s "$dir/ports" ]; then
    (
      flock 9
      local taken port
      taken=$(awk '{split($2, address, ":"); if ($4 == "0A") print address[2]}' /proc/net/tcp /proc/net/tcp6 2>/dev/null \
        | while read -r port; do echo $((16#$port)); done; cat "$root"/*/ports 2>/dev/null || true)
      seq 21000 29999 | grep -vxFf <(echo "${taken:-0}" | tr ' ' '\n') | sed -n 1,5p | paste -sd' ' > "$dir/ports"
    ) 9> "$root/.lock"
  fi
  read -r etcd_port peer_port api_port controllers_port scheduler_port < "$dir/ports"
}

# The pid of a part that runs. A pid that belongs to somebody else by now does not name this folder on its command line.
pid_of() {
  local pid
  pid=$(cat "$dir/run/$1.pid" 2>/dev/null) && grep -qsF "$dir/" "/proc/$pid/cmdline" && echo "$pid"
}

launch() {
  local part=$1; shift
  pid_of "$part" >/dev/null && return
  setsid "$@" > "$dir/log/$part.log" 2>&1 < /dev/null &
  echo $! > "$dir/run/$part.pid"
  disown
  until pid_of "$part" >/dev/null || ! kill -0 $! 2>/dev/null; do sleep 0.01; done # between fork and exec
}

# Waits until a URL answers 200, as long as the part lives.
await() {
  local part=$1 url=$2 deadline=$((SECONDS + 120))
  until curl -skf -o /dev/null --noproxy '*' --cert "$dir/pki/admin.crt" --key "$dir/pki/admin.key" "$url"; do
    if ! pid_of "$part" >/dev/null || [ $SECONDS -ge $deadline ]; then
      tail -n 20 "$dir/log/$part.log" >&2
      say "$part did not become ready at $url; its log is $dir/log/$part.log"
      return 1
    fi
    sleep 0.05
  done
}

start_etcd() {
  launch etcd "$etcd" --name testbed --data-dir "$dir/etcd/" --log-level warn \
    --listen-client-urls "http://127.0.0.1:$etcd_port" --advertise-client-urls "http://127.0.0.1:$etcd_port" \
    --listen-peer-urls "http://127.0.0.1:$peer_port" --initial-advertise-peer-urls "http://127.0.0.1:$peer_port" \
    --initial-cluster "testbed=http://127.0.0.1:$peer_port"
}

start_apiserver() {
  cat > "$dir/egress.yaml" <<YAML
apiVersion: apiserver.k8s.io/v1beta1
kind: EgressSelectorConfiguration
egressSelections:
- name: cluster
  connection: {proxyProtocol: HTTPConnect, transport: {uds: {udsName: $dir/egress.sock}}}
YAML
  launch apiserver "$kube_apiserver" --etcd-servers="http://127.0.0.1:$etcd_port" --bind-address=127.0.0.1 --secure-port="$api_port" \
    --advertise-address=127.0.0.1 --endpoint-reconciler-type=none --service-cluster-ip-range=10.96.0.0/16 --allow-privileged=true \
    --tls-cert-file="$dir/pki/apiserver.crt" --tls-private-key-file="$dir/pki/apiserver.key" --client-ca-file="$dir/pki/ca.crt" \
    --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction \
    --service-account-issuer=https://kubernetes.default.svc.cluster.local \
    --service-account-key-file="$dir/pki/service-accounts.key" --service-account-signing-key-file="$dir/pki/service-accounts.key" \
    --kubelet-client-certificate="$dir/pki/admin.crt" --kubelet-client-key="$dir/pki/admin.key" \
    --kubelet-preferred-address-types=InternalIP,Hostname --egress-selector-config-file="$dir/egress.yaml"
}

# Made-up nodes send no heartbeats: the grace period keeps them Ready. The nodeipam controller would sleep 10 s at every start.
start_controllers() {
  local insecure=()
  # Until 1.23 both also listened on a fixed port without TLS, unless told not to.
  [[ ! $("$kube_controller_manager" --version) =~ v1\.(1[0-9]|2[0-3])\. ]] || insecure=(--port=0)
  launch controllers "$kube_controller_manager" --bind-address=127.0.0.1 --secure-port="$controllers_port" \
    --kubeconfig="$dir/controllers.kubeconfig" --authentication-kubeconfig="$dir/controllers.kubeconfig" \
    --authorization-kubeconfig="$dir/controllers.kubeconfig" --leader-elect=false --allocate-node-cidrs=false \
    --service-account-private-key-file="$dir/pki/service-accounts.key" --root-ca-file="$dir/pki/ca.crt" --use-service-account-credentials=true \
    --cluster-signing-cert-file="$dir/pki/ca.crt" --cluster-signing-key-file="$dir/pki/ca.key" \
    --node-monitor-grace-period=24h --kube-api-qps=200 --kube-api-burst=400 "${insecure[@]}"
  launch scheduler "$kube_scheduler" --bind-address=127.0.0.1 --secure-port="$scheduler_port" \
    --kubeconfig="$dir/scheduler.kubeconfig" --authentication-kubeconfig="$dir/scheduler.kubeconfig" \
    --authorization-kubeconfig="$dir/scheduler.kubeconfig" --leader-elect=false "${insecure[@]}"
}

# --- commands ---

start() {
  local programs
  programs=$("$here/build-kubernetes.sh" --find)
  local etcd kube_apiserver kube_controller_manager kube_scheduler
  while IFS== read -r program path; do declare "$program=$path"; done <<< "$programs"
  mkdir -p "$dir"/{pki,log,run}
  chmod 700 "$root" "$dir"
  choose_ports
  start_etcd
  credentials
  await etcd "http://127.0.0.1:$etcd_port/health"
  start_apiserver
  await apiserver "https://127.0.0.1:$api_port/readyz"
  start_controllers
  await controllers "https://127.0.0.1:$controllers_port/healthz"
  await scheduler "https://127.0.0.1:$scheduler_port/healthz"
  await apiserver "https://127.0.0.1:$api_port/api/v1/namespaces/default/serviceaccounts/default"
  echo "$dir/admin.kubeconfig"
}

stop() {
  local part pid
  for part in scheduler controllers apiserver etcd; do
    pid=$(pid_of "$part") || continue
    # What a stopped control plane would tidy up does not matter to anybody, and kube-apiserver takes its time.
    if [ "$1" = gently ]; then kill "$pid"; else kill -9 "$pid"; fi
    while pid_of "$part" >/dev/null; do sleep 0.05; done
    rm -f "$dir/run/$part.pid"
  done
}

wipe() {
  stop at-once
  rm -rf "$dir"
}

status() {
  local part pid
  for part in etcd apiserver controllers scheduler; do
    if pid=$(pid_of "$part"); then
      echo "$part: pid $pid, $(($(awk '/VmRSS/ {print $2}' "/proc/$pid/status") / 1024)) MiB"
    else
      echo "$part: not running"
    fi
  done
}

case "${1:-}" in
  start) start ;;
  run)
    trap wipe EXIT
    trap 'exit 1' INT TERM
    start
    cat > /dev/null
    ;;
  stop) stop gently ;;
  status) status ;;
  wipe) wipe ;;
  *) sed -nE '2,/^set /s/^# ?//p' "${BASH_SOURCE[0]}"; exit 2 ;;
esac
