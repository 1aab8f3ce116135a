package dk.innovationspraktik.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a record: checked, told from a repeat, put in its line, written down.
 *
 * <p>Invariants: state, inbox and progress change in one transaction of our database, and the offset is committed only after it;
 * no record can make that transaction fail for ever; nothing is passed over without a line in the log.
 */
final class Intake implements AutoCloseable {
    static final List<String> PUBLIC_TOPICS = List.of(
            "innovationspraktik.participants.v1", "innovationspraktik.placements.v1", "innovationspraktik.evaluations.v1");
    private static final String PLACEMENTS = PUBLIC_TOPICS.get(1);
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    private static final String LAST = "select last_sequence from progress where topic = ? and key = ? for update";
    private static final String INBOX = "insert into inbox values (?) on conflict do nothing";
    private static final String FILLED = "delete from gap where topic = ? and key = ? and seen <= ?";
    private static final String ADVANCE = """
            insert into progress values (?, ?, ?)
            on conflict (topic, key) do update set last_sequence = excluded.last_sequence""";
    private static final String GAP = """
            insert into gap values (?, ?, ?, ?) on conflict (topic, key)
            do update set missing = excluded.missing, seen = greatest(gap.seen, excluded.seen)""";
    private static final String REFUSED = "insert into refused values (?, ?, ?, ?) on conflict do nothing";
    private static final String ERASED = "insert into erased values (?) on conflict do nothing";
    private static final String FORGET = "delete from placement where intern_id = ? or host_id = ?";
    private static final String PLACE = """
            insert into placement
            select p.* from (values (?, ?, ?, ?, ?, ?)) p (placement_id, edition_id, state, last_sequence, intern_id, host_id)
            where not exists (select from erased where participant_id in (p.intern_id, p.host_id))
            on conflict (placement_id) do update set state = excluded.state, last_sequence = excluded.last_sequence""";
    private static final String NUMBER = "update placement set last_sequence = ? where placement_id = ?";

    private final Settings settings;
    private Connection connection;

    Intake(Settings settings) throws SQLException, IOException {
        this.settings = settings;
        try (var schema = Intake.class.getResourceAsStream("/schema.sql")) {
            try (var statement = connected().createStatement()) {
                statement.execute(new String(schema.readAllBytes(), StandardCharsets.UTF_8));
            }
            connection.commit();
        }
    }

    /** The placement's state after its event; null where it stays as it is. */
    static String stateAfter(Heard heard) {
        return switch (heard.name() == null ? "" : heard.name()) {
            case "MatchProposed" -> heard.data().path("origin").asText().equals("self_found") ? "accepted" : "proposed";
            case "MatchAccepted" -> heard.data().path("both").asBoolean() ? "accepted" : null;
            case "MatchDeclined" -> "declined";
            case "MatchExpired" -> "expired";
            case "MatchWithdrawn" -> "withdrawn";
            case "AgreementDrafted" -> "drafted";
            case "AgreementSigned" -> "signed";
            case "AgreementAmended" -> "amending";
            case "AgreementLapsed" -> heard.data().hasNonNull("standing_version") ? "signed" : "lapsed";
            case "AgreementCancelled" -> "cancelled";
            case "InternshipCompleted" -> "completed";
            case "InternshipNotHeld" -> "not_held";
            default -> null;
        };
    }

    /** Records of one partition, in their order, in one transaction. When this returns, their offsets may be committed. */
    void takeIn(List<ConsumerRecord<byte[], byte[]>> records) throws SQLException {
        String topic = records.get(0).topic().substring(settings.namespace.length());
        List<Heard> taken = new ArrayList<>();
        try {
            connected();
            if (topic.equals(PLACEMENTS)) {
                // Members of a group write side by side. Nobody is erased between our looking it up and our writing a row.
                update("lock table erased in share mode");
            }
            for (var record : records) {
                Heard heard = hear(topic, record);
                if (heard != null && isNext(topic, heard)) {
                    apply(topic, heard);
                    taken.add(heard);
                }
            }
            connection.commit();
        } catch (SQLException error) {
            close(); // not used again: whether its transaction is over is unknown
            throw error;
        }
        settings.echoFile.ifPresent(file -> echo(file, topic, taken));
    }

    /** Read it. What breaks the contract is noted and passed: waiting for it would stop everything behind it, for ever. */
    private Heard hear(String topic, ConsumerRecord<byte[], byte[]> record) throws SQLException {
        String place = record.topic() + "[" + record.partition() + "]@" + record.offset();
        try {
            Heard heard = Heard.read(record);
            if (heard.name() == null) {
                LOG.warn("skipped {}: a type that this build does not know", place);
            }
            return heard;
        } catch (Heard.Malformed error) {
            String reason = error.getMessage().replace("\0", ""); // the one character that PostgreSQL does not take
            LOG.error("REFUSED {}: {}", place, reason);
            update(REFUSED, topic, record.partition(), record.offset(), reason);
            return null;
        }
    }

    /** Whether it is the next of its line, and new. After a hole the line waits; the other lines go on. */
    private boolean isNext(String topic, Heard heard) throws SQLException {
        long last = lastOf(topic, heard.key());
        if (heard.sequence() <= last) {
            return false; // a repeat
        }
        if (heard.sequence() > last + 1) {
            LOG.error("GAP {} {}: {} is missing, {} came", topic, heard.key(), last + 1, heard.sequence());
            update(GAP, topic, heard.key(), last + 1, heard.sequence());
            if ("ParticipantErased".equals(heard.name())) {
                apply(topic, heard); // whatever is missing before it: an erasure waits for nothing
            }
            return false;
        }
        if (update(INBOX, heard.id()) == 0) {
            return false; // another member took it in while we read
        }
        update(ADVANCE, topic, heard.key(), heard.sequence());
        update(FILLED, topic, heard.key(), heard.sequence());
        return true;
    }

    /** What the event means to us. The place for your own rules. */
    private void apply(String topic, Heard heard) throws SQLException {
        String state = stateAfter(heard);
        if ("ParticipantErased".equals(heard.name())) {
            update(ERASED, heard.key());
            update(FORGET, heard.key(), heard.key());
        } else if (state != null) {
            update(PLACE, heard.key(), heard.idAt("edition_id"), state, heard.sequence(), heard.idAt("intern_id"),
                    heard.idAt("host_id"));
        } else if (topic.equals(PLACEMENTS)) {
            update(NUMBER, heard.sequence(), heard.key());
        }
    }

    private static void echo(Path file, String topic, List<Heard> taken) {
        var lines = new StringBuilder();
        for (Heard heard : taken) {
            lines.append("{\"id\": \"%s\", \"sequence\": %d, \"key\": \"%s\", \"topic\": \"%s\"}\n"
                    .formatted(heard.id(), heard.sequence(), heard.key(), topic));
        }
        try {
            Files.writeString(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private Connection connected() throws SQLException {
        if (connection == null) {
            connection = DriverManager.getConnection(settings.databaseUrl, settings.database);
            connection.setAutoCommit(false);
        }
        return connection;
    }

    private long lastOf(String topic, UUID key) throws SQLException {
        try (PreparedStatement statement = prepared(LAST, topic, key); ResultSet found = statement.executeQuery()) {
            return found.next() ? found.getLong(1) : 0;
        }
    }

    private int update(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(sql, values)) {
            return statement.executeUpdate();
        }
    }

    private PreparedStatement prepared(String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int place = 0; place < values.length; place++) {
            statement.setObject(place + 1, values[place]);
        }
        return statement;
    }

    @Override
    public void close() {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException error) {
                LOG.info("the database connection was gone already");
            }
            connection = null;
        }
    }
}
