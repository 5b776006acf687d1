"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class TunedArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id at OWASP's figures: some 40 ms of one core, so a whole hall can log in at nine o'clock."""

    time_cost = 2
    memory_cost = 19456
    parallelism = 1
