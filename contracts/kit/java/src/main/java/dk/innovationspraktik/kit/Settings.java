package dk.innovationspraktik.kit;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** Where things are and who we are: everything from the environment, nothing in the code, no secret in a log. */
final class Settings {
    final String namespace;
    final String databaseUrl;
    final Properties database = new Properties();
    final Properties kafka = new Properties();
    final Optional<Path> echoFile;

    private final Map<String, String> env;

    Settings(Map<String, String> env) throws IOException {
        this.env = env;
        namespace = get("TOPIC_NAMESPACE", "");
        echoFile = Optional.ofNullable(env.get("ECHO_FILE")).filter(name -> !name.isEmpty()).map(Path::of);
        databaseUrl = readDatabaseUrl(URI.create(required("DATABASE_URL")));
        kafka.put("bootstrap.servers", required("KAFKA_BOOTSTRAP"));
        kafka.put("group.id", get("KAFKA_GROUP", get("KAFKA_GROUP_PREFIX", "") + "kit"));
        kafka.put("enable.auto.commit", "false"); // or offsets run ahead of our transaction, and a crash loses what lies between
        kafka.put("auto.offset.reset", "earliest"); // a new group begins with the first event, not with the next one
        kafka.put("allow.auto.create.topics", "false");
        int session = Integer.parseInt(get("KAFKA_SESSION_TIMEOUT_MS", "10000"));
        kafka.put("session.timeout.ms", session);
        kafka.put("heartbeat.interval.ms", session / 4);
        readLogin();
    }

    /** {@code postgresql://user:password@host:port/name?sslmode=…} as JDBC wants it: the login apart from the address. */
    private String readDatabaseUrl(URI given) {
        String[] login = Optional.ofNullable(given.getRawUserInfo()).orElse("").split(":", 2);
        database.put("user", URLDecoder.decode(login[0], StandardCharsets.UTF_8));
        database.put("password", login.length > 1 ? URLDecoder.decode(login[1], StandardCharsets.UTF_8) : "");
        String port = given.getPort() < 0 ? "" : ":" + given.getPort();
        String query = given.getRawQuery() == null ? "" : "?" + given.getRawQuery();
        return "jdbc:postgresql://" + given.getHost() + port + given.getRawPath() + query;
    }

    private void readLogin() throws IOException {
        String protocol = get("KAFKA_SECURITY_PROTOCOL", "PLAINTEXT");
        kafka.put("security.protocol", protocol);
        if (protocol.startsWith("SASL_")) {
            String file = get("KAFKA_PASSWORD_FILE", "");
            String password = file.isEmpty() ? get("KAFKA_PASSWORD", "") : read(file).stripTrailing();
            kafka.put("sasl.mechanism", get("KAFKA_SASL_MECHANISM", "SCRAM-SHA-512"));
            kafka.put("sasl.jaas.config", "org.apache.kafka.common.security.scram.ScramLoginModule required username="
                    + quoted(get("KAFKA_USERNAME", "")) + " password=" + quoted(password) + ";");
        }
        if (!get("KAFKA_CA_FILE", "").isEmpty()) {
            kafka.put("ssl.truststore.type", "PEM"); // without one, the authorities that Java knows
            kafka.put("ssl.truststore.location", required("KAFKA_CA_FILE"));
        }
        if (!get("KAFKA_CERT_FILE", "").isEmpty()) {
            kafka.put("ssl.keystore.type", "PEM");
            kafka.put("ssl.keystore.certificate.chain", read(required("KAFKA_CERT_FILE")));
            kafka.put("ssl.keystore.key", read(required("KAFKA_KEY_FILE")));
        }
    }

    private String get(String name, String otherwise) {
        String value = env.get(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }

    private String required(String name) {
        String value = get(name, "");
        if (value.isEmpty()) {
            throw new IllegalArgumentException(name + " is not set; README.md says which settings there are");
        }
        return value;
    }

    private static String read(String file) throws IOException {
        return Files.readString(Path.of(file));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
