"""A key goes to the partition that every Kafka client would choose, and to one shard."""

from aiokafka.partitioner import DefaultPartitioner
from aiokafka.partitioner import murmur2 as kafka_murmur2
from hypothesis import given
from hypothesis import strategies as st

from ipraktik_chassis.partitioning import SHARDS, key_hash, murmur2, partition_of, shard_of


@given(st.binary(max_size=200))
def test_murmur2_is_kafkas(data: bytes) -> None:
    assert murmur2(data) == kafka_murmur2(data)


@given(st.binary(max_size=80), st.integers(min_value=1, max_value=100))
def test_a_key_lands_on_the_partition_kafkas_own_partitioner_chooses(key: bytes, partitions: int) -> None:
    everyone_elses = DefaultPartitioner()(key, list(range(partitions)), [])
    assert partition_of(key_hash(key), partitions=partitions) == everyone_elses


@given(st.uuids())
def test_ids_as_text_are_hashed_like_any_other_key(id: object) -> None:
    key = str(id).encode()
    assert murmur2(key) == kafka_murmur2(key)
    assert 0 <= key_hash(key) < 2**31


@given(st.binary(max_size=80))
def test_a_shard_is_one_of_the_shards(key: bytes) -> None:
    assert 0 <= shard_of(key_hash(key)) < SHARDS
