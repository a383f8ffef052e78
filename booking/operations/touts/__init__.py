"""Accounts that look like many in one hand: noticed by a job, judged by a person, with an appeal."""
