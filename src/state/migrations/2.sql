-- Drafts kept aside while the form holds another one. `editing` is the id of the memo that is being edited.
CREATE TABLE draft_aside (
    place INTEGER PRIMARY KEY,
    memo TEXT NOT NULL,
    date TEXT NOT NULL,
    time TEXT NOT NULL,
    zone TEXT NOT NULL,
    editing TEXT
) STRICT;
