"""Follow-up questions: what they leave out, found in the conversation so far and put back in."""
