package dk.innovationspraktik.kit;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscriber on kafka-clients: read, take in, commit, and leave the group in order when asked to stop. Run it with {@code java
 * -jar target/subscriber.jar}; as many members as you like share the partitions.
 */
public final class Subscriber {
    private static final Logger LOG = LoggerFactory.getLogger(Subscriber.class);
    private static final long LONGEST_PAUSE_SECONDS = 30;

    private static final CountDownLatch STOPPING = new CountDownLatch(1);
    private static final CountDownLatch STOPPED = new CountDownLatch(1);

    private Subscriber() {}

    public static void main(String[] arguments) {
        Runtime.getRuntime().addShutdownHook(new Thread(Subscriber::stopInOrder));
        int status = 0;
        try {
            listen(new Settings(System.getenv()));
        } catch (Exception error) {
            LOG.error("gave up: {}", error.getMessage());
            status = 1;
        }
        STOPPED.countDown();
        if (STOPPING.getCount() > 0) {
            System.exit(status);
        }
    }

    private static void listen(Settings settings) throws Exception {
        var bytes = new ByteArrayDeserializer();
        try (var intake = new Intake(settings); var consumer = new KafkaConsumer<>(settings.kafka, bytes, bytes)) {
            consumer.subscribe(Intake.PUBLIC_TOPICS.stream().map(name -> settings.namespace + name).toList());
            while (STOPPING.getCount() > 0) {
                var records = consumer.poll(Duration.ofMillis(500));
                for (TopicPartition partition : records.partitions()) {
                    var batch = records.records(partition);
                    if (!takenIn(intake, batch)) {
                        return;
                    }
                    commit(consumer, partition, batch.get(batch.size() - 1).offset() + 1);
                }
            }
        }
    }

    /** Try until the database has it, or until we are to stop (then it is read again at the next start). */
    private static boolean takenIn(Intake intake, List<ConsumerRecord<byte[], byte[]>> batch) throws InterruptedException {
        for (long pause = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE_SECONDS)) {
            try {
                intake.takeIn(batch);
                return true;
            } catch (SQLException error) {
                LOG.warn("the database did not take it ({}); trying again in {} s", error.getSQLState(), pause);
            }
            if (STOPPING.await(pause, TimeUnit.SECONDS)) {
                return false;
            }
        }
    }

    private static void commit(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, long offset) {
        try {
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(offset)));
        } catch (CommitFailedException | RebalanceInProgressException error) {
            // The partition went to another member meanwhile. It reads these records again, and the inbox knows them.
            LOG.info("{} is another member's now", partition);
        }
    }

    /** SIGTERM and SIGINT: let the loop end, then leave with status 0 rather than Java's 143. */
    private static void stopInOrder() {
        boolean asked = STOPPED.getCount() > 0;
        STOPPING.countDown();
        try {
            if (asked && STOPPED.await(20, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(0);
            }
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
        }
    }
}
