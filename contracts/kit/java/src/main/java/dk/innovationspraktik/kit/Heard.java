package dk.innovationspraktik.kit;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A record that keeps the contract. The envelope is read for every type, the body only of types that we know; of others
 * {@code name} and {@code data} are null, and they count in their line all the same.
 */
record Heard(UUID id, UUID key, long sequence, String name, JsonNode data) {

    /** A record that breaks the contract. The message quotes nothing of the content. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    /** Every public type of major 1, with the field of its body that is its key. */
    private static final Map<String, String> KEYS = new HashMap<>();

    static {
        List.of("EditionChanged", "ReportPublished").forEach(name -> KEYS.put(name, "edition_id"));
        List.of("ParticipantRegistered", "ParticipantUpdated", "ParticipantWithdrawn", "ParticipantErased", "MatchNotFound")
                .forEach(name -> KEYS.put(name, "participant_id"));
        List.of("MatchProposed", "MatchAccepted", "MatchDeclined", "MatchExpired", "MatchWithdrawn", "AgreementDrafted",
                "AgreementApproved", "AgreementRefused", "AgreementSigned", "AgreementAmended", "AgreementLapsed",
                "AgreementCancelled", "InternshipCompleted", "InternshipNotHeld")
                .forEach(name -> KEYS.put(name, "placement_id"));
        List.of("EvaluationRequested", "EvaluationSubmitted", "EvaluationExpired")
                .forEach(name -> KEYS.put(name, "evaluation_id"));
    }

    private static final List<String> REQUIRED = List.of(
            "ce_specversion", "ce_id", "ce_type", "ce_source", "ce_subject", "ce_time", "ce_sequence");
    private static final List<String> READ = Stream.concat(REQUIRED.stream(),
            Stream.of("ce_correlationid", "ce_causationid", "traceparent", "content-type")).toList();
    private static final int MAX_HEADER_BYTES = 1_024;
    private static final Pattern TYPE = Pattern.compile("dk\\.innovationspraktik\\.([A-Za-z]+)\\.v1");
    private static final Pattern IDENTIFIER = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final int MAX_BODY_BYTES = 65_536;
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    static Heard read(ConsumerRecord<byte[], byte[]> record) throws Malformed {
        Map<String, String> headers = new HashMap<>();
        for (Header header : record.headers()) {
            if (READ.contains(header.key())) { // others may be anybody's, and anything
                headers.put(header.key(), text(header.value(), "header " + header.key()));
            }
        }
        for (String name : REQUIRED) {
            check(headers.containsKey(name), "header " + name + " is missing");
        }
        check(headers.get("ce_specversion").equals("1.0"), "ce_specversion is not 1.0");
        UUID id = identifier(headers.get("ce_id"), "ce_id");
        UUID key = identifier(headers.get("ce_subject"), "ce_subject");
        String digits = headers.get("ce_sequence");
        long sequence = digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : 0;
        check(sequence > 0, "ce_sequence is not a number from 1");
        check(Arrays.equals(record.key(), key.toString().getBytes(StandardCharsets.UTF_8)),
                "the record's key is not its ce_subject");
        var type = TYPE.matcher(headers.get("ce_type"));
        String name = type.matches() ? type.group(1) : "";
        if (!KEYS.containsKey(name)) {
            return new Heard(id, key, sequence, null, null);
        }
        instant(headers.get("ce_time"));
        JsonNode data = body(record.value());
        String field = KEYS.get(name);
        check(data.path(field).asText().equals(key.toString()), name + ": ce_subject is not the " + field + " of the body");
        if (field.equals("placement_id")) {
            for (String other : List.of("edition_id", "intern_id", "host_id")) {
                identifier(data.path(other).asText(), name + ": " + other);
            }
        }
        return new Heard(id, key, sequence, name, data);
    }

    UUID idAt(String field) {
        return UUID.fromString(data.get(field).asText());
    }

    private static JsonNode body(byte[] value) throws Malformed {
        check(value != null, "a tombstone carries no event");
        check(value.length <= MAX_BODY_BYTES, "a body has " + MAX_BODY_BYTES + " bytes at most");
        try {
            return JSON.readTree(value);
        } catch (IOException error) {
            throw new Malformed("the body is not JSON");
        }
    }

    private static void instant(String text) throws Malformed {
        try {
            OffsetDateTime.parse(text);
        } catch (DateTimeParseException error) {
            throw new Malformed("ce_time is not an RFC 3339 instant");
        }
    }

    private static UUID identifier(String text, String what) throws Malformed {
        check(IDENTIFIER.matcher(text).matches(), what + " is not a UUID");
        return UUID.fromString(text);
    }

    private static String text(byte[] bytes, String what) throws Malformed {
        check(bytes != null, what + " is null");
        check(bytes.length <= MAX_HEADER_BYTES, what + " has more than " + MAX_HEADER_BYTES + " bytes");
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException error) {
            throw new Malformed(what + " is not UTF-8");
        }
    }

    private static void check(boolean holds, String otherwise) throws Malformed {
        if (!holds) {
            throw new Malformed(otherwise);
        }
    }
}
