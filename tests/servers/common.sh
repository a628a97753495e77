# What the script of every server does; sourced by each, which says what is its own:
#
#   PORTS                 the ports it listens on by default; the first is the instance's name
#   setup                 puts the server in place, unless it is there
#   version               prints its version; nothing, where it is not installed
#   configure PORT…       writes its configuration into $RUN, the instance's folder; $STOCK is "yes" where throttles are to stay,
#                         $TLS where there is to be no connection without it: $RUN/server.pem and server.key are there then
#   command_line PORT…    sets COMMAND, which runs it in the foreground, as one process
#   urls PORT…            prints what a client connects to
#   CAN_TLS               "yes", where it has --tls
#   usage_of_its_own      says what else `start` heeds, if anything
#   end_beside            ends what `configure` left running beside it, if anything
#
# A server listens on the loopback only, begins with no accounts and no rooms, and is stopped by its process id.
set -euo pipefail

NAME=$(basename "$0")
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SERVERS=$(realpath --canonicalize-missing "${CAUSERIE_SERVERS:-$HERE/../../target/servers}")
READY_SECONDS_MAX=60
STOP_SECONDS_MAX=15
CAN_TLS=no
usage_of_its_own() { :; }
end_beside() { :; }

usage() {
    cat <<USAGE
$NAME install                   puts it in place: Debian's packages into the system, others into \$CAUSERIE_SERVERS [target/servers]
$NAME installed                 prints the version; exit code 1 where it is not installed
$NAME start [OPTION…] [PORT…]   starts it on 127.0.0.1 [ports ${PORTS[*]}] with its throttles lifted; prints \`ready URL…\` and
                                  \`pid N\` once it takes connections
    --stock                       with its own throttles
USAGE
    [[ $CAN_TLS == no ]] || cat <<USAGE
    --tls                         over TLS only, with a certificate of the instance's own; prints \`ca FILE\` too, who signed it
USAGE
    usage_of_its_own
    cat <<USAGE
$NAME stop [PORT]               stops the one that was started on this (first) port [${PORTS[0]}]
USAGE
}

fail() {
    printf 'error: %s: %s\n' "$NAME" "$1" >&2
    [[ -z ${2:-} ]] || printf 'hint: %s\n' "$2" >&2
    exit 1
}

misused() {
    printf 'error: %s: %s\n' "$NAME" "$1" >&2
    usage >&2
    exit 2
}

as_root() {
    if [[ $EUID == 0 ]]; then "$@"; else sudo "$@"; fi
}

# Debian's packages, without starting what is in them: a policy of our own holds for as long as that takes, unless there is one.
packages() {
    command -v apt-get >/dev/null || fail "installing needs apt-get" "install $* yourself"
    local policy=/usr/sbin/policy-rc.d own=no
    if [[ ! -e $policy ]]; then
        own=yes
        trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
    fi
    as_root apt-get -qq update
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-upgrade --no-install-recommends "$@"
    if [[ $own == yes ]]; then
        as_root rm -f "$policy"
        trap - EXIT
    fi
}

package_version() {
    dpkg-query --show --showformat '${db:Status-Status} ${Version}\n' "$1" 2>/dev/null | sed -n 's/^installed //p'
}

# What is on PyPI, in a virtual environment of its own: from_pypi FOLDER REQUIREMENT…
from_pypi() {
    local python=${PYTHON:-python3} folder=$1
    shift
    "$python" -c 'import ensurepip, venv' 2>/dev/null || packages python3 python3-venv
    "$python" -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check "$@"
}

listens() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# When the process was started, in ticks since the machine was: with its id, that is never another process.
started_at() {
    sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20
}

# Whether the instance runs; sets PID if so.
runs() {
    local since
    [[ -f $RUN/pid ]] && read -r PID since <"$RUN/pid" && [[ $(started_at "$PID") == "$since" ]] && ! is_zombie "$PID"
}

is_zombie() {
    grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null
}

instance() {
    RUN=$SERVERS/run/$NAME-$1
}

check_port() {
    [[ $1 =~ ^[1-9][0-9]{0,4}$ ]] && (($1 <= 65535)) || misused "'$1' is no port: a port is a number from 1 to 65535"
}

start() {
    STOCK=no TLS=no
    while [[ ${1:-} == --* ]]; do
        case $1 in
            --stock) STOCK=yes ;;
            --tls) [[ $CAN_TLS == yes ]] || misused "it has no --tls"; TLS=yes ;;
            *) misused "there is no option '$1'" ;;
        esac
        shift
    done
    local ports=("$@") port
    [[ $# != 0 ]] || ports=("${PORTS[@]}")
    [[ ${#ports[@]} == "${#PORTS[@]}" ]] || misused "it listens on ${#PORTS[@]} port(s), ${#ports[@]} given"
    for port in "${ports[@]}"; do check_port "$port"; done
    [[ -n $(version) ]] || fail "it is not installed" "tests/servers/$NAME install"
    instance "${ports[0]}"
    ! runs || fail "it runs already, process $PID" "tests/servers/$NAME stop ${ports[0]}"
    for port in "${ports[@]}"; do
        ! listens "$port" || fail "port $port is taken" "name other ports: tests/servers/$NAME start PORT…"
    done

    rm -rf "$RUN"
    mkdir -p "$RUN"
    [[ $TLS == no ]] || certificates
    configure "${ports[@]}"
    command_line "${ports[@]}"
    ulimit -Sn "$(ulimit -Hn)"
    # In a session of its own, so that Ctrl-C in a terminal is for those who test, who stop it.
    (cd "$RUN" && exec setsid "${COMMAND[@]}" </dev/null >output 2>&1) &
    PID=$!
    echo "$PID $(started_at "$PID")" >"$RUN/pid"
    trap 'give_up "interrupted"' INT TERM
    await "${ports[@]}"
    echo "ready $(urls "${ports[@]}")"
    [[ $TLS == no ]] || echo "ca $RUN/ca.pem"
    echo "pid $PID"
}

# A certificate for what an instance on this machine is called, signed by an authority that is forgotten at once: its key is
# not kept.
certificates() {
    command -v openssl >/dev/null || fail "--tls needs openssl" "on Debian that is in the package openssl"
    local names='IP:127.0.0.1,DNS:localhost,DNS:anonymous.localhost,DNS:conference.localhost'
    (
        cd "$RUN"
        curve=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
        openssl req -x509 "${curve[@]}" -keyout ca.key -out ca.pem -days 30 -subj '/CN=causerie tests' \
            -addext keyUsage=critical,keyCertSign
        openssl req "${curve[@]}" -keyout server.key -out server.csr -subj /CN=localhost
        openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out server.pem \
            -extfile <(echo "subjectAltName=$names"; echo 'extendedKeyUsage=serverAuth')
        rm ca.key ca.srl server.csr
        chmod 600 server.key
    ) 2>"$RUN/openssl" || fail "no certificate could be made" "what openssl said is in $RUN/openssl"
}

# Until every port takes connections.
await() {
    local deadline=$((SECONDS + READY_SECONDS_MAX)) port
    for port in "$@"; do
        until listens "$port"; do
            runs || give_up "it ended while starting"
            ((SECONDS < deadline)) || give_up "it took no connections on port $port within $READY_SECONDS_MAX s"
            sleep 0.05
        done
    done
    runs || give_up "it ended while starting"
}

give_up() {
    tail -n 20 "$RUN/output" >&2 || true
    end
    fail "$1" "what it said is in $RUN"
}

# Ends the instance, by force where asking is of no use.
end() {
    local deadline=$((SECONDS + STOP_SECONDS_MAX))
    if runs; then kill "$PID" 2>/dev/null || true; fi
    while runs; do
        if ((SECONDS >= deadline)); then kill -KILL "$PID" 2>/dev/null || true; fi
        sleep 0.05
    done
    end_beside
    rm -f "$RUN/pid"
}

stop() {
    [[ $# -le 1 ]] || misused "stop takes one port, the first of those it was started on"
    local port=${1:-${PORTS[0]}}
    check_port "$port"
    instance "$port"
    if runs; then
        end
        echo "stopped $PID"
    else
        end
        echo "not running on port $port" >&2
    fi
}

installed() {
    local found
    found=$(version)
    [[ -n $found ]] || { echo "$NAME is not installed" >&2; exit 1; }
    echo "$NAME $found"
}

main() {
    local what=${1:-}
    shift || true
    case $what in
        install)
            [[ -n $(version) ]] || setup >&2
            installed
            ;;
        installed) installed ;;
        start) start "$@" ;;
        stop) stop "$@" ;;
        -h | --help | help) usage ;;
        '') misused "say what to do" ;;
        *) misused "there is no '$what'" ;;
    esac
}
