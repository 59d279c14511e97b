"""Server plumbing: app factory, configuration, database, migrations, problem documents, health, logs, clock."""
