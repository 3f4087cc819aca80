"""The province's side: enrol communes, ingest files, answer with receipts, report."""
