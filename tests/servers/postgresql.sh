# A PostgreSQL of an instance's own, in a folder of its own; sourced by the script of a server that needs one. It takes nobody's
# word for it: whoever is on this machine may connect as whoever they like.

# PostgreSQL will not be run by root, but by the user of its package.
as_postgresql() {
    if [[ $EUID == 0 ]]; then setpriv --reuid=postgres --regid=postgres --init-groups "$@"; else "$@"; fi
}

# Where Debian's package keeps what runs a database, in the newest version there is.
postgresql_programs() {
    find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin | sort --version-sort | tail -n 1
}

postgresql_control() {
    local folder=$1
    shift
    as_postgresql "$(postgresql_programs)/pg_ctl" --silent --wait --pgdata="$folder" "$@"
}

# postgresql_create FOLDER USER
postgresql_create() {
    mkdir -m 700 "$1"
    [[ $EUID != 0 ]] || chown postgres:postgres "$1"
    as_postgresql test -x "$1" ||
        fail "the user postgres cannot reach $1" "name another folder in CAUSERIE_SERVERS, which everybody may enter"
    as_postgresql "$(postgresql_programs)/initdb" --pgdata="$1" --username="$2" --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null
}

# postgresql_start FOLDER PORT CONNECTIONS
postgresql_start() {
    local options="-c listen_addresses=127.0.0.1 -c port=$2 -c unix_socket_directories= -c max_connections=$3"
    postgresql_control "$1" --log="$1/log" --options="$options" start || fail "PostgreSQL did not start" "what it said is in $1/log"
}

# Does nothing, where it does not run.
postgresql_stop() {
    [[ ! -f $1/postmaster.pid ]] || postgresql_control "$1" --mode=fast stop || true
}
