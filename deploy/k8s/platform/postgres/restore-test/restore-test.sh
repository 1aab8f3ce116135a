#!/bin/sh
# Restores the newest backup of $SERVICE into a cluster of its own, asks it, and takes it away. Ends with 0 when the copy
# came up, has a schema and answers; its last line says what was found and how long it took. An alert watches for failures.
# SERVER_NAME: the folder in the object store, where it is not called as the service (after a restore).
set -eu
name="$SERVICE-restore-test"
finish() {
    kubectl delete clusters.postgresql.cnpg.io "$name" --ignore-not-found --wait=true --timeout=10m
}
trap finish EXIT
trap 'exit 1' INT TERM
finish
began=$(date +%s)
kubectl apply -f - <<END
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata:
  name: $name
spec:
  instances: 1
  imageName: ${IMAGE:-registry.example/cloudnative-pg/postgresql:18}
  enableSuperuserAccess: false
  storage: {size: $STORAGE}
  resources:
    requests: {cpu: 100m, memory: 512Mi}
    limits: {memory: 1Gi}
  bootstrap:
    recovery: {source: origin}
  externalClusters:
    - name: origin
      plugin:
        name: barman-cloud.cloudnative-pg.io
        parameters: {barmanObjectName: $SERVICE, serverName: ${SERVER_NAME:-$SERVICE}}
END
kubectl wait --for=condition=Ready "clusters.postgresql.cnpg.io/$name" --timeout=90m
ask() {
    kubectl exec "$name-1" --container postgres -- psql --no-psqlrc --quiet --tuples-only --no-align --dbname "$SERVICE" --command "$1"
}
revision=$(ask 'select max(version) from schema_migrations')
published=$(ask 'select count(*) from published')
taken=$(ask 'select count(*) from inbox')
test -n "$revision"
echo "restored $SERVICE: revision $revision, $published events published, $taken taken in, after $(($(date +%s) - began)) seconds"
