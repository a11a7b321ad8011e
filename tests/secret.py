"""An API key that is nobody's, and how to see whether any of it shows."""

SECRET = "Tq7WmZ2kLp9XvB4nRs8D"
KEY = f"sk_car_{SECRET}"


def given_away(text):
    """Return each six characters of the key's secret part that `text` has."""
    return [SECRET[i : i + 6] for i in range(len(SECRET) - 5) if SECRET[i : i + 6] in text]
