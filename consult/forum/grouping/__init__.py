"""Small groups in the forum: drawn by lot so that each is as mixed as all of them together, or none at all.

What is said in a group is read by its people and by who looks after the forum, and by nobody else, also
when the results are out: they wrote it for ten people. The public reads what each topic begins with, and
what is said in topics that the council opens for everybody. What a group may reach is decided in one place,
`consult.forum.shown.in_forum`, through which everything goes that lists or finds a thread or a post.
"""
