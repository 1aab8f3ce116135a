-- migrate:up

-- Who approved a version, under which name and when. The party's approval itself stands with the version; a deputy who comes
-- later changes nothing here. The name is blanked at erasure.
create table approvals (
    placement_id   uuid not null,
    version        int not null,
    party          text not null check (party in ('intern', 'manager', 'host')),
    contact_id     uuid not null,
    participant_id uuid not null,
    name           text not null,
    at             timestamptz not null,
    primary key (placement_id, version, party),
    foreign key (placement_id, version) references agreement_versions
);
create index approvals_by_participant on approvals (participant_id);
create index approvals_by_contact on approvals (contact_id);

-- What was approved before is in the history, the third approval without its party.
insert into approvals (placement_id, version, party, contact_id, participant_id, name, at)
select distinct on (h.placement_id, h.version, c.participant_id, c.relation = 'manager')
    h.placement_id, h.version,
    case when c.participant_id = p.host_id then 'host' when c.relation = 'manager' then 'manager' else 'intern' end,
    c.contact_id, c.participant_id, c.name, h.at
from history h
join placements p using (placement_id)
join contacts c on c.contact_id::text = h.actor
join agreement_versions v on v.placement_id = h.placement_id and v.version = h.version
where h.act in ('AgreementApproved', 'AgreementSigned') and h.actor_kind = 'contact' and c.participant_id is not null
order by h.placement_id, h.version, c.participant_id, c.relation = 'manager', h.id;

-- The code of why, where an act has one.
alter table history add column reason text;

create index agreement_versions_by_fingerprint on agreement_versions (fingerprint text_pattern_ops);

-- The intern's note about practical needs, beside the agreement: in no version, event, history or export.
create table practical_needs (
    placement_id uuid primary key references placements,
    note         text not null,
    written_at   timestamptz not null,
    delete_at    timestamptz not null
);
create index practical_needs_due on practical_needs (delete_at);

-- migrate:down
drop table practical_needs;
drop index agreement_versions_by_fingerprint;
alter table history drop column reason;
drop table approvals;
