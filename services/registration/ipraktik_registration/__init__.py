"""Registration: people, workplaces, editions and sign-ups of Innovationspraktik."""
