#!/bin/sh
# The Secrets of a cluster on one's own machine, for invented people only:
#
#     sh overlays/local/secrets.sh databases   after `kubectl apply -k platform/namespaces`, before the platform
#     sh overlays/local/secrets.sh services    when Kafka and the databases of overlays/local/platform are ready
#
# It copies what Strimzi and CloudNativePG made to where the services look. Repeating it is harmless.
set -eu
services="registration matching notify evaluation"
here=innovationspraktik
data=innovationspraktik-data
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

put() { # NAMESPACE NAME ARGUMENTS...
    namespace=$1
    name=$2
    shift 2
    kubectl -n "$namespace" create secret generic "$name" "$@" --dry-run=client -o yaml | kubectl apply -f -
}

take() { # NAMESPACE SECRET KEY FILE
    kubectl -n "$1" get secret "$2" -o "go-template={{index .data \"$3\" | base64decode}}" > "$4"
}

case "${1:-}" in
databases)
    for service in $services; do
        for role in owner app; do
            if ! kubectl -n "$data" get secret "$service-$role" > /dev/null 2>&1; then
                put "$data" "$service-$role" --type kubernetes.io/basic-auth \
                    --from-literal "username=${service}_$role" --from-literal "password=$(openssl rand -hex 24)"
                kubectl -n "$data" label secret "$service-$role" cnpg.io/reload=true
            fi
        done
    done
    ;;
services)
    take kafka programme-cluster-ca-cert ca.crt "$folder/kafka-ca.crt"
    for service in $services; do
        take "$data" "$service-ca" ca.crt "$folder/ca.crt"
        for role in app owner; do
            take "$data" "$service-$role" password "$folder/password"
            part=database
            secret=$service-database
            if [ "$role" = owner ]; then
                part=database-owner
                secret=$service-database-owner
            fi
            printf 'postgresql://%s_%s:%s@%s-rw.%s.svc:5432/%s?sslmode=verify-full&sslrootcert=/var/run/secrets/ipraktik/%s/ca.crt' \
                "$service" "$role" "$(cat "$folder/password")" "$service" "$data" "$service" "$part" > "$folder/url"
            put "$here" "$secret" --from-file "$folder/url" --from-file "$folder/ca.crt"
        done
        take kafka "$service" user.crt "$folder/user.crt"
        take kafka "$service" user.key "$folder/user.key"
        put "$here" "$service-kafka" --from-file "$folder/user.crt" --from-file "$folder/user.key" \
            --from-file "ca.crt=$folder/kafka-ca.crt"
    done
    if ! kubectl -n "$here" get secret link-signing-key > /dev/null 2>&1; then
        openssl genpkey -algorithm ed25519 -out "$folder/private.pem"
        openssl pkey -in "$folder/private.pem" -pubout -out "$folder/public.pem"
        put "$here" link-signing-key --from-file "$folder/private.pem"
        put "$here" link-keys --from-file "$folder/public.pem"
    fi
    put "$here" notify-smtp --from-literal url=smtp://mail:1025
    ;;
*)
    echo "sh $0 databases|services" >&2
    exit 2
    ;;
esac
