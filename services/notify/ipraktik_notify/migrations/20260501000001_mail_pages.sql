-- migrate:up

-- What coordinators do with mails: send one again, drop one that is held, remind now. All columns may be missing from what an older
-- version writes.
alter table mail add column resend_of  uuid;         -- the mail that this one repeats on purpose
alter table mail add column acted_by   text;         -- the coordinator who asked for it, or dropped it
alter table mail add column settled_at timestamptz;  -- since when the question that it asks is answered

-- What went wrong on the way to the mail server. A mail that was taken at the first try has nothing here.
create table mail_trouble (
    id      bigint generated always as identity primary key,
    mail_id uuid not null,
    at      timestamptz not null,
    reason  text,
    code    int,
    doubt   boolean not null
);
create index mail_trouble_of_mail on mail_trouble (mail_id, id);

-- The list of mails, newest first, narrowed by one thing or another. Ids are in the order of time.
create index mail_of_placement on mail (placement_id, id) where placement_id is not null;
create index mail_of_contact on mail (contact_id, id) where contact_id is not null;
create index mail_of_edition on mail (edition_id, id) where edition_id is not null;
create index mail_of_kind on mail (kind, id);
create index mail_in_trouble on mail (id) where state in ('failed', 'dropped');
create index mail_ahead on mail (id) where state in ('scheduled', 'waiting', 'held');
create index mail_again on mail (resend_of) where resend_of is not null;
-- Names and addresses by the beginnings of their words. An erased contact has none.
create index contact_by_words on contact
    using gin (to_tsvector('simple'::regconfig, coalesce(name, '') || ' ' || coalesce(email, ''))) where not erased;

-- Questions without an answer. Which of the older ones have one is told by their reminder: an answer deletes it.
update mail q set settled_at = q.created_at
where q.useless_after is not null and q.state <> 'scheduled'
  and not exists (select from mail r where r.state = 'scheduled' and r.subject_id = q.subject_id and r.party = q.party);
create index mail_open_question on mail (useless_after, id) where settled_at is null and useless_after is not null;
create index mail_question_of_subject on mail (subject_id) where settled_at is null and useless_after is not null;

-- migrate:down
drop table mail_trouble;
drop index mail_of_placement, mail_of_contact, mail_of_edition, mail_of_kind, mail_in_trouble, mail_ahead, mail_again,
    contact_by_words, mail_open_question, mail_question_of_subject;
alter table mail drop column resend_of, drop column acted_by, drop column settled_at;
