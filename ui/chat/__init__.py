"""The chat tab: questions, answers with their evidence, and saved chats."""
