from orders.statements.reading import Credit, Statement, StatementRefused, read

__all__ = ["Credit", "Statement", "StatementRefused", "read"]
